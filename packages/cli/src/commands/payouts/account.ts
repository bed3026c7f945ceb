import type { PayoutAccount, Sojourn } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import type { Colours } from '../../io.ts';
import { moment } from '../../local-time.ts';
import { card, table } from '../../render.ts';
import { askCountry } from './country.ts';
import { requirementText } from './requirements.ts';

interface Options {
  country?: string;
}

export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  const { io, json } = ctx;
  const account = await openOrRead(ctx, await ctx.client(), options);
  if (json) return io.json(account);
  io.print(drawAccount(account, io.columns, io.paint.out));
  if (isMissing(account)) io.hint('sojourn payouts account --country PT');
  else if (account.status === 'enabled') io.hint('sojourn payouts list');
}

const isMissing = ({ status }: PayoutAccount) => status === 'none' || status === 'closed';

/**
 * Where it takes a word of the host, there is a link to give it. An account is opened only for a country that somebody
 * named, since it stays there.
 */
async function openOrRead(
  ctx: CommandContext,
  { payoutAccount }: Sojourn,
  options: Options,
): Promise<PayoutAccount> {
  const { signal } = ctx;
  const account = await payoutAccount.get({ signal });
  if (account.status === 'enabled') return account;
  const country =
    options.country ?? (isMissing(account) && ctx.interactive ? await askCountry(ctx) : undefined);
  if (isMissing(account) && country === undefined) return account;
  return payoutAccount.open({ ...(country !== undefined && { country }) }, { signal });
}

function drawAccount(account: PayoutAccount, columns: number, paint: Colours): string {
  const { status, country, requirements, onboardingUrl, expiresAt } = account;
  const [text, colour] = STATUSES[status] ?? [oneLine(status), 'bold'];
  return [
    paint[colour](text),
    ...(country === null ? [] : [card([['Country', oneLine(country)]], columns, paint)]),
    ...(requirements.length === 0 ? [] : ['', drawRequirements(requirements, columns, paint)]),
    // Whole and on a line of its own, however long: it is opened or copied.
    ...(onboardingUrl === null
      ? []
      : [
          '',
          `Tell Stripe there${expiresAt === null ? '' : `, until ${moment(expiresAt)} UTC`}:`,
          oneLine(onboardingUrl),
        ]),
  ].join('\n');
}

const STATUSES: Readonly<Record<string, [text: string, colour: 'green' | 'yellow' | 'red']>> = {
  none: ['You have no account for payouts yet.', 'yellow'],
  pending: ['Payouts wait: Stripe does not know enough about you yet.', 'yellow'],
  enabled: ['Payouts go to your account.', 'green'],
  restricted: ['Payouts wait: Stripe wants to know more about you.', 'red'],
  closed: ['Your account is closed: open another one.', 'red'],
};

/** What Stripe calls by several names is one thing for a person: day, month and year of a birth. */
function drawRequirements(requirements: readonly string[], columns: number, paint: Colours): string {
  const wanted = new Map<string, string[]>();
  for (const name of requirements) {
    const text = requirementText(name);
    wanted.set(text, [...(wanted.get(text) ?? []), name]);
  }
  return table(
    [...wanted],
    [
      { title: 'STRIPE STILL WANTS', text: ([text]) => text },
      {
        title: 'AS STRIPE CALLS IT',
        text: ([, names]) => names.join(', '),
        style: (cell) => paint.dim(cell),
        flexible: true,
      },
    ],
    columns,
    paint,
  );
}
