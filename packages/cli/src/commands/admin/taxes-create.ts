import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { usageError } from '../../exit.ts';
import { moment } from '../../local-time.ts';
import { toCurrency, toMoney } from '../money.ts';
import { type Reasoned, reasonFor } from './reason.ts';
import { rateText, whereText } from './taxes-list.ts';

interface Rate {
  percent?: number;
  perNight?: string;
  perGuestNight?: string;
  currency?: string;
}
interface Options extends Rate, Reasoned {
  name: string;
  country: string;
  region?: string;
  city?: string;
  inclusive?: true;
  maxNights?: number;
  from?: string;
}

export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  const { name, country, region, city, inclusive, maxNights, from } = options;
  const rate = rateOf(options);
  const reason = await reasonFor(ctx, options.reason, 'sojourn admin taxes create … --reason "law of 2027"');
  const { admin } = await ctx.client();
  const rule = await admin.taxRules.create(
    {
      name,
      country: country.toUpperCase(),
      ...rate,
      ...(region !== undefined && { region }),
      ...(city !== undefined && { city }),
      ...(inclusive && { inclusive }),
      ...(maxNights !== undefined && { maxNights }),
      ...(from !== undefined && { effectiveFrom: from }),
      reason,
    },
    { signal: ctx.signal },
  );
  if (ctx.json) return ctx.io.json(rule);
  ctx.io.print(rule.id);
  ctx.io.success(
    oneLine(
      `${rule.name} in ${whereText(rule)}: ${rateText(rule)}, from ${moment(rule.effectiveFrom)} UTC on.`,
    ),
  );
}

function rateOf({ percent, perNight, perGuestNight, currency }: Rate) {
  if (percent !== undefined) return { kind: 'percent' as const, bps: percent };
  const text = perNight ?? perGuestNight;
  if (text === undefined)
    throw usageError('How much is the tax?', [
      '--percent 6',
      '--per-night 2 --currency EUR',
      '--per-guest-night 4 --currency EUR',
    ]);
  if (currency === undefined) throw usageError('The amount needs a currency.', '--currency EUR');
  const flag = perNight === undefined ? '--per-guest-night' : '--per-night';
  return {
    kind: perNight === undefined ? ('perGuestNight' as const) : ('perNight' as const),
    amount: toMoney(text, flag, toCurrency(currency)),
  };
}
