import { type Command, Option } from '@commander-js/extra-typings';
import { BOOKING_STATUSES } from '@sojourn/shared/vocabulary';
import { date, whole } from '../../flags.ts';
import type { IsNamed, Start } from '../start.ts';

const ID = 'such as bkg_01…';
const METHOD = 'such as pm_card_visa, which always pays in the sandbox';

export function addBookingCommands(program: Command, start: Start, isNamed: IsNamed): void {
  addQuote(program, start);
  const bookings = program
    .command('bookings')
    .helpCommand(false)
    .description('Book stays, and run those in your homes');
  if (!isNamed('bookings')) return;
  addReading(bookings, start);
  addGuestSide(bookings, start);
  addHostSide(bookings, start);
  addEnds(bookings, start);
  addRefund(bookings, start);
  addAlterations(bookings, start);
}

function addQuote(program: Command, start: Start): void {
  program
    .command('quote')
    .description('Ask what a stay costs; the answer binds for 15 minutes')
    .argument('<listing>', 'such as lst_01…')
    .requiredOption('--check-in <date>', 'the first day: 2027-05-01', date)
    .addOption(new Option('--check-out <date>', 'the day of departure').argParser(date).conflicts('nights'))
    .option('--nights <n>', 'in place of --check-out', whole(1, 1125))
    .option('--guests <n>', 'people', whole(1, 100), 2)
    .option('--pets <n>', 'animals', whole(0, 100), 0)
    .option('--non-refundable', 'the lower price without refunds, where there is one')
    .addHelpText(
      'after',
      `
A stay that cannot be booked exits 1, with all the reasons and the nearest
stays that can.

Examples:
  $ sojourn quote lst_01… --check-in 2027-05-01 --check-out 2027-05-05
  $ sojourn quote lst_01… --check-in 2027-05-01 --nights 4 --guests 3 --pets 1`,
    )
    .action(start(() => import('./quote.ts')));
}

function addReading(bookings: Command, start: Start): void {
  bookings
    .command('list')
    .description('List your stays, or those in your homes; newest first')
    .addOption(
      new Option('--role <role>', 'as whom').choices(['guest', 'host'] as const).default('guest' as const),
    )
    .addOption(new Option('--status <status>', 'only these').choices(BOOKING_STATUSES))
    .option('--listing <listing>', 'only of this listing')
    .option('--limit <n>', 'bookings a page', whole(1, 100))
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--all', 'every page; as JSON Lines with --json')
    .action(start(() => import('./list.ts')));

  bookings
    .command('get')
    .description('Show a booking: its price, its deadlines, and what comes back')
    .argument('<booking>', ID)
    .action(start(() => import('./get.ts')));
}

function addGuestSide(bookings: Command, start: Start): void {
  bookings
    .command('create')
    .description('Book what was quoted, and print the id of the booking')
    .argument('<quote>', 'such as qte_01…')
    .option('--message <text>', 'for the host')
    .option('--pay <method>', `pay it as well: ${METHOD}`)
    .addHelpText(
      'after',
      `
The nights are held for 15 minutes while you pay.

Examples:
  $ sojourn bookings create qte_01…
  $ sojourn bookings create qte_01… --message "We arrive at ten." \\
      --pay pm_card_visa`,
    )
    .action(start(() => import('./create.ts')));

  bookings
    .command('pay')
    .description('Pay for nights that are held, or for a change of a stay')
    .argument('<booking>', ID)
    .addOption(new Option('--method <method>', METHOD).conflicts('checkout'))
    .option('--checkout', 'print the URL of a page on which to pay')
    .option('--success-url <url>', 'with --checkout: where it leads after paying')
    .option('--cancel-url <url>', 'with --checkout: where it leads who does not pay')
    .option('--wait', 'wait until it was paid elsewhere: there, or for 3-D Secure')
    .addHelpText(
      'after',
      `
A bank that wants to know who pays (3-D Secure) has a page for it: its URL is
printed, and the booking follows by itself once that is done.

Examples:
  $ sojourn bookings pay bkg_01… --method pm_card_visa
  $ sojourn bookings pay bkg_01… --method pm_card_authenticationRequired --wait
  $ sojourn bookings pay bkg_01… --checkout`,
    )
    .action(start(() => import('./pay.ts')));

  bookings
    .command('payment')
    .description('Show what was paid and given back, and what became of it')
    .argument('<booking>', ID)
    .action(start(() => import('./payment.ts')));
}

function addHostSide(bookings: Command, start: Start): void {
  bookings
    .command('accept')
    .description('Say yes to a request')
    .argument('<booking>', ID)
    .action(start(() => import('./accept.ts')));

  bookings
    .command('decline')
    .description('Say no to a request, after a question')
    .argument('<booking>', ID)
    .option('--reason <text>', 'the guest reads it')
    .action(start(() => import('./decline.ts')));

  bookings
    .command('check-in')
    .description('Say that the guest is there')
    .argument('<booking>', ID)
    .action(start(() => import('./check-in.ts')));

  bookings
    .command('check-out')
    .description('Say that the guest has left')
    .argument('<booking>', ID)
    .action(start(() => import('./check-out.ts')));

  bookings
    .command('no-show')
    .description('Say that the guest did not come, after a question')
    .argument('<booking>', ID)
    .action(start(() => import('./no-show.ts')));
}

function addEnds(bookings: Command, start: Start): void {
  bookings
    .command('cancellation-preview')
    .description('Show what cancelling now would give back; nothing is changed')
    .argument('<booking>', ID)
    .action(start(() => import('./cancellation-preview.ts')));

  bookings
    .command('cancel')
    .description('Cancel a booking: shows what comes back, then asks')
    .argument('<booking>', ID)
    .option('--reason <text>', 'the other side reads it')
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn bookings cancel bkg_01…
  $ sojourn bookings cancel bkg_01… --reason "our flight was cancelled" --yes`,
    )
    .action(start(() => import('./cancel.ts')));
}

function addRefund(bookings: Command, start: Start): void {
  bookings
    .command('refund')
    .description('Give more back than the policy does, after a question')
    .argument('<booking>', ID)
    .requiredOption('--amount <amount>', 'in whole units of the currency of the booking: 50')
    .option('--reason <text>', 'the guest reads it; asked for when left out')
    .addOption(
      new Option('--paid-by <side>', 'of whose share it is; the other one for admins')
        .choices(['host', 'marketplace'] as const)
        .default('host' as const),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ sojourn bookings refund bkg_01… --amount 50 --reason "no heating"
  $ sojourn bookings refund bkg_01… --amount 20 --paid-by marketplace \\
      --reason "ticket 4712" --yes`,
    )
    .action(start(() => import('./refund.ts')));
}

function addAlterations(bookings: Command, start: Start): void {
  bookings
    .command('alter')
    .description('Ask the other side for other dates or guests')
    .argument('<booking>', ID)
    .option('--check-in <date>', 'the first day', date)
    .option('--check-out <date>', 'the day of departure', date)
    .option('--guests <n>', 'people', whole(1, 100))
    .option('--pets <n>', 'animals', whole(0, 100))
    .option('--message <text>', 'for the other side')
    .addHelpText(
      'after',
      `
What is left out stays as it is. The difference in price is settled when the
other side accepts.

Examples:
  $ sojourn bookings alter bkg_01… --check-out 2027-05-07
  $ sojourn bookings alter bkg_01… --guests 3 --message "My sister comes along."`,
    )
    .action(start(() => import('./alter.ts')));

  const alterations = bookings
    .command('alterations')
    .helpCommand(false)
    .description('See and answer what was asked to change');
  alterations
    .command('list')
    .description('List what was asked for, newest first')
    .argument('<booking>', ID)
    .action(start(() => import('./alterations-list.ts')));
  const answer = (verb: string, description: string) =>
    alterations
      .command(verb)
      .description(description)
      .argument('<booking>', ID)
      .argument('<alteration>', 'such as alt_01…');
  answer('accept', 'Say yes: the stay is changed, and the difference settled').action(
    start(() => import('./alterations-accept.ts')),
  );
  answer('decline', 'Say no: the stay stays as it is').action(
    start(() => import('./alterations-decline.ts')),
  );
  answer('withdraw', 'Take back what you asked for').action(start(() => import('./alterations-withdraw.ts')));
}
