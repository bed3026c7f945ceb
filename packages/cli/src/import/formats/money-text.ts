import { type Currency, fromDecimal } from '@sojourn/shared/money';

export type DecimalMark = '.' | ',';

const SPACES = /[\s\u00a0\u202f]/g;
/** A symbol, or a currency code with or without one, before or after the figures: `$`, `US$`, `EUR`, `kr`. */
const AFFIX = /^(?<before>[\p{L}]{0,3}\.?\p{Sc}?)(?<figures>[\d.,'’]+)(?<after>\p{Sc}?[\p{L}]{0,3}\.?)$/u;
const GROUPED = {
  '.': /^\d{1,3}(?:[,'’]\d{3})+(?:\.\d+)?$/,
  ',': /^\d{1,3}(?:[.'’]\d{3})+(?:,\d+)?$/,
} as const;
const PLAIN = { '.': /^\d+(?:\.\d+)?$/, ',': /^\d+(?:,\d+)?$/ } as const;

/**
 * An amount as people and programs write it (`$1,234.00`, `149`, `1 050.5`, `€ 105.94`, `99 EUR`) in minor units.
 * Undefined when it is none, names another currency, is negative, or has more digits than the currency: an amount is
 * never guessed and never rounded.
 */
export function readAmount(text: string, currency: Currency, mark: DecimalMark = '.'): number | undefined {
  const match = AFFIX.exec(text.replace(SPACES, ''));
  if (!match?.groups) return undefined;
  const { before = '', figures = '', after = '' } = match.groups;
  if (namesAnother(before, currency) || namesAnother(after, currency)) return undefined;
  if (!PLAIN[mark].test(figures) && !GROUPED[mark].test(figures)) return undefined;
  const groups = mark === '.' ? /[,'’]/g : /[.'’]/g;
  return fromDecimal(figures.replace(groups, '').replace(',', '.'), currency);
}

/** Three letters are a currency code; anything else is a symbol that many currencies share. */
const namesAnother = (affix: string, currency: Currency) =>
  /^[A-Za-z]{3}$/.test(affix) && affix.toUpperCase() !== currency;
