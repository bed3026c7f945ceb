import { Currency, MAX_AMOUNT, Money } from '@sojourn/shared/money';
import { line } from '@sojourn/shared/text';
import { CANCELLATION_POLICIES, LONG_STAY_POLICIES } from '@sojourn/shared/vocabulary';
import { z } from 'zod';
import { pageOf, pageQuery } from '../platform/http/cursor.ts';
import { publicId } from '../platform/id.ts';
import { type FeeSchedule, type Policy, TAX_KINDS, type TaxRule } from './model/facts.ts';

const WHEN = '2026-12-01T00:00:00.000Z';
const CREATED = '2026-11-23T09:30:00.000Z';
const REASON = 'Decided by the board on 20 November.';
/** The database's bounds of a share: half of the subtotal. */
const MOST_FEE_BPS = 5_000;
const MOST_STEPS = 20;
const MOST_NIGHTS = 1_125;
const MOST_DAYS = 1_095;

const instant = z.iso.datetime();
const name = line(100);
const reason = line(500)
  .min(3)
  .meta({ description: 'Why, for the audit log.', examples: [REASON] });
const effectiveFrom = instant
  .optional()
  .meta({ description: 'From when it holds; at once when left out. Never in the past.' });
const percent = z.int().min(0).max(100);
const nights = z.int().min(0).max(MOST_NIGHTS);
const hours = (most: number) => z.int().min(0).max(most);

export const ListQuery = z.strictObject(pageQuery);

const feeBps = (whose: string) =>
  z
    .int()
    .min(0)
    .max(MOST_FEE_BPS)
    .meta({ description: `Hundredths of a percent of the subtotal, from the ${whose}.` });
const feeFields = {
  name,
  mode: z.enum(['split', 'hostOnly']).meta({ description: 'Who pays: both sides, or the host alone.' }),
  hostFeeBps: feeBps('host'),
  guestFeeBps: feeBps('guest'),
};
const FEES = { name: 'Winter 2026', mode: 'hostOnly' as const, hostFeeBps: 1_550, guestFeeBps: 0 };
export const FeeScheduleBody = z
  .strictObject({ ...feeFields, effectiveFrom, reason })
  .refine(({ mode, guestFeeBps }) => mode === 'split' || guestFeeBps === 0, {
    path: ['guestFeeBps'],
    error: 'must be 0 when the host alone pays',
  })
  .meta({ id: 'NewFeeSchedule', examples: [{ ...FEES, effectiveFrom: WHEN, reason: REASON }] });
export const FeeScheduleView = z
  .object({ id: z.string(), ...feeFields, effectiveFrom: instant, createdAt: instant })
  .meta({
    id: 'FeeSchedule',
    description: 'What the marketplace takes of stays that are agreed while it holds.',
    examples: [{ id: 'fee_01k9q2v7n8e6xrd5w3m4h1t0zc', ...FEES, effectiveFrom: WHEN, createdAt: CREATED }],
  });
export const FeeSchedulePage = pageOf(FeeScheduleView).meta({ id: 'FeeSchedulePage' });

const Kept = z
  .strictObject({
    nights: nights.meta({ description: 'Nights that the host keeps whole.' }),
    percentOfRest: percent.meta({ description: 'What the host keeps of the others.' }),
  })
  .meta({ id: 'KeptNights', examples: [{ nights: 1, percentOfRest: 50 }] });
const RULES = {
  steps: [{ hoursBeforeCheckIn: 120, percent: 100 }],
  late: { nights: 1, percentOfRest: 50 },
  during: { nights: 1, percentOfRest: 50 },
  grace: { hours: 24, daysBeforeCheckIn: 7 },
};
const Rules = z
  .strictObject({
    steps: z
      .array(z.strictObject({ hoursBeforeCheckIn: hours(MOST_DAYS * 24), percent }))
      .max(MOST_STEPS)
      .meta({
        description:
          'Earlier than so long before check-in, so much comes back. The first that is not past counts; percents never rise.',
      }),
    late: Kept.meta({ description: 'Past all steps and before check-in.' }),
    during: Kept.meta({ description: 'After check-in, beside the nights that were stayed.' }),
    grace: z
      .strictObject({ hours: hours(24 * 30), daysBeforeCheckIn: z.int().min(0).max(MOST_DAYS) })
      .nullable()
      .meta({
        description:
          'Everything comes back within so many hours of the confirmation, when that was so many days before check-in.',
      }),
  })
  .meta({ id: 'PolicyRules', examples: [RULES] });
const key = z.enum([...CANCELLATION_POLICIES, ...LONG_STAY_POLICIES]).meta({
  description: 'The name by which listings choose it.',
});
export const PolicyBody = z.strictObject({ key, name, rules: Rules, effectiveFrom, reason }).meta({
  id: 'NewPolicy',
  examples: [{ key: 'moderate', name: 'Moderate', rules: RULES, effectiveFrom: WHEN, reason: REASON }],
});
export const PolicyView = z
  .object({ id: z.string(), key: z.string(), name, rules: Rules, effectiveFrom: instant, createdAt: instant })
  .meta({
    id: 'CancellationPolicyVersion',
    description: 'What a guest who cancels gets back of a stay that is agreed while it holds.',
    examples: [
      {
        id: 'pol_01k9q2v7n8e6xrd5w3m4h1t0zd',
        key: 'moderate',
        name: 'Moderate',
        rules: RULES,
        effectiveFrom: WHEN,
        createdAt: CREATED,
      },
    ],
  });
export const PolicyPage = pageOf(PolicyView).meta({ id: 'CancellationPolicyPage' });

const taxFields = {
  name,
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a two-letter ISO 3166 code such as "US"')
    .meta({ description: 'ISO 3166-1 alpha-2: of listings there.' }),
  region: line(100).nullable().default(null).meta({ description: 'Only of this region.' }),
  city: line(100).nullable().default(null).meta({ description: 'Only of this city.' }),
  kind: z.enum(TAX_KINDS),
  bps: z
    .int()
    .min(0)
    .max(10_000)
    .nullable()
    .default(null)
    .meta({ description: 'Of `percent`: hundredths of a percent of the subtotal.' }),
  amount: Money.nullable().default(null).meta({
    description:
      'Of the other kinds: for each night, or each night of each guest, in listings of its currency.',
  }),
  inclusive: z.boolean().default(false).meta({
    description:
      'The prices of hosts include it: it is told, and not charged beside them. Of `percent` only.',
  }),
  maxNights: z
    .int()
    .min(1)
    .max(MOST_NIGHTS)
    .nullable()
    .default(null)
    .meta({ description: 'Longer stays are free of it.' }),
};
const TAX = {
  name: 'City tax',
  country: 'PT',
  region: null,
  city: 'Lisboa',
  kind: 'perGuestNight' as const,
  bps: null,
  amount: { amount: 400, currency: 'EUR' as const },
  inclusive: false,
  maxNights: null,
};
export const TaxRuleBody = z
  .strictObject({ ...taxFields, effectiveFrom, reason })
  .superRefine(({ kind, bps, amount, inclusive }, ctx) => {
    const need = (holds: boolean, field: string, message: string) => {
      if (!holds) ctx.addIssue({ code: 'custom', path: [field], message });
    };
    const isPercent = kind === 'percent';
    need((bps !== null) === isPercent, 'bps', isPercent ? 'is needed' : 'is for percents only');
    need((amount === null) === isPercent, 'amount', isPercent ? 'is not for percents' : 'is needed');
    need(isPercent || !inclusive, 'inclusive', 'is for percents only');
  })
  .meta({ id: 'NewTaxRule', examples: [{ ...TAX, effectiveFrom: WHEN, reason: REASON }] });
export const TaxRuleParams = z.strictObject({
  taxRuleId: z
    .string()
    .max(100)
    .meta({ description: 'The tax rule.', examples: ['tax_01k9q2v7n8e6xrd5w3m4h1t0ze'] }),
});
export const TaxRuleEndBody = z
  .strictObject({
    effectiveUntil: instant
      .optional()
      .meta({ description: 'From when it holds no more; at once when left out. Never in the past.' }),
    reason,
  })
  .meta({ id: 'TaxRuleEnd', examples: [{ effectiveUntil: WHEN, reason: REASON }] });
export const TaxRuleView = z
  .object({
    id: z.string(),
    ...taxFields,
    amount: z
      .object({ amount: z.int().min(0).max(MAX_AMOUNT), currency: Currency })
      .nullable()
      .meta({ description: 'For each night, or each night of each guest.' }),
    effectiveFrom: instant,
    effectiveUntil: instant.nullable(),
    createdAt: instant,
  })
  .meta({
    id: 'TaxRule',
    description: 'A tax on stays that are agreed while it holds.',
    examples: [
      {
        id: 'tax_01k9q2v7n8e6xrd5w3m4h1t0ze',
        ...TAX,
        effectiveFrom: WHEN,
        effectiveUntil: null,
        createdAt: CREATED,
      },
    ],
  });
export const TaxRulePage = pageOf(TaxRuleView).meta({ id: 'TaxRulePage' });

const iso = (date: Date) => date.toISOString();

export const toFeeScheduleView = ({ id, effectiveFrom, createdAt, ...schedule }: FeeSchedule) => ({
  ...schedule,
  id: publicId('fee', id),
  effectiveFrom: iso(effectiveFrom),
  createdAt: iso(createdAt),
});

export const toPolicyView = ({ id, effectiveFrom, createdAt, ...policy }: Policy) => ({
  ...policy,
  id: publicId('pol', id),
  effectiveFrom: iso(effectiveFrom),
  createdAt: iso(createdAt),
});

export const toTaxRuleView = ({ id, amount, currency, ...rule }: TaxRule) => ({
  ...rule,
  id: publicId('tax', id),
  amount: amount === null || currency === null ? null : { amount, currency },
  effectiveFrom: iso(rule.effectiveFrom),
  effectiveUntil: rule.effectiveUntil && iso(rule.effectiveUntil),
  createdAt: iso(rule.createdAt),
});
