import { z } from 'zod';
import { ACCOUNT_STATUSES, type PayoutAccount } from '../model/account.ts';
import { instant } from './parts.ts';

const URL_CHARACTERS_MAX = 2_048;

const page = (description: string) =>
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(URL_CHARACTERS_MAX)
    .optional()
    .meta({ description, examples: ['https://example.com/hosting/payouts'] });

export const PayoutAccountBody = z
  .strictObject({
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country of two capital letters, such as "PT"')
      .optional()
      .meta({
        description:
          'ISO 3166-1: where the host is at home for the tax office. That of the newest listing when left out. It stays what it was once the account is open.',
        examples: ['PT'],
      }),
    returnUrl: page('Where Stripe leads the host when it is done.'),
    refreshUrl: page('Where Stripe leads the host when the link is too old.'),
  })
  .meta({ id: 'NewPayoutAccount', examples: [{ country: 'PT' }] });
export type PayoutAccountBody = z.output<typeof PayoutAccountBody>;

const ACCOUNT = {
  status: 'pending' as const,
  country: 'PT',
  onboardingUrl: 'https://connect.stripe.com/setup/e/acct_1PQc5YLkdIwHu7ix/pLnJ0Q8sKqVb',
  expiresAt: '2027-03-20T09:35:00.000Z',
  requirements: ['external_account', 'tos_acceptance.date'],
};
export const PayoutAccountView = z
  .object({
    status: z.enum(ACCOUNT_STATUSES).meta({
      description:
        '`none`: there is none yet; `pending`: Stripe has yet to learn who you are; `enabled`: payouts go there; `restricted`: Stripe wants to know more first; `closed`: open another one.',
    }),
    country: z.string().nullable(),
    onboardingUrl: z.string().nullable().meta({
      description:
        'A page of Stripe for the host, and nobody else: it works once and for a few minutes. Only `POST` makes one, while the account is not `enabled`.',
    }),
    expiresAt: instant.nullable().meta({ description: 'Until when `onboardingUrl` works.' }),
    requirements: z
      .array(z.string())
      .meta({ description: 'What Stripe still wants to know, in its own words.' }),
  })
  .meta({ id: 'PayoutAccount', examples: [ACCOUNT] });

/** A page at Stripe on which a host says who they are. */
export interface OnboardingLink {
  url: string;
  expiresAt: Date;
}

export const toPayoutAccountView = (account: PayoutAccount | undefined, link?: OnboardingLink) => ({
  status: account?.status ?? ('none' as const),
  country: account?.country ?? null,
  onboardingUrl: link?.url ?? null,
  expiresAt: link?.expiresAt.toISOString() ?? null,
  requirements: [...(account?.requirements ?? [])],
});
