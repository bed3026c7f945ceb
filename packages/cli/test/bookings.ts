const eur = (amount: number) => ({ amount, currency: 'EUR' });

const LINES = [
  {
    kind: 'nights',
    description: '4 nights',
    quantity: 4,
    unitPrice: eur(12_000),
    amount: eur(48_000),
  },
  {
    kind: 'weeklyDiscount',
    description: 'Weekly discount, 10 %',
    quantity: 1,
    unitPrice: null,
    amount: eur(-4_800),
  },
  { kind: 'serviceFee', description: 'Service fee', quantity: 1, unitPrice: null, amount: eur(6_134) },
];
const STAY = {
  listingId: 'lst_01k9q2v7n8e6xrd5w3m4h1t0za',
  checkIn: '2027-05-01',
  checkOut: '2027-05-05',
  nights: 4,
  guests: 2,
  pets: 0,
  timeZone: 'Europe/Lisbon',
  currency: 'EUR',
  lineItems: LINES,
  total: eur(49_334),
  checkInAt: '2027-05-01T14:00:00.000Z',
  checkOutAt: '2027-05-05T10:00:00.000Z',
  freeCancellationUntil: '2027-04-26T14:00:00.000Z',
  refundSchedule: [
    { until: '2027-04-26T14:00:00.000Z', refund: eur(49_334) },
    { until: '2027-05-01T14:00:00.000Z', refund: eur(16_200) },
    { until: '2027-05-05T10:00:00.000Z', refund: eur(0) },
  ],
  instantBook: true,
};

/** The binding price of a stay as the API answers it. */
export const quote = (changes: Record<string, unknown> = {}) => ({
  id: 'qte_01k9q2v7n8e6xrd5w3m4h1t0zb',
  ...STAY,
  nonRefundable: false,
  nightlyPrices: [1, 2, 3, 4].map((day) => ({ date: `2027-05-0${day}`, price: eur(12_000) })),
  subtotal: eur(43_200),
  includedTaxes: [],
  hostPayout: eur(41_904),
  feeSchedule: {
    id: 'fee_01k9q2v7n8e6xrd5w3m4h1t0zc',
    name: 'Standard',
    mode: 'split',
    hostFeeBps: 300,
    guestFeeBps: 1_420,
  },
  cancellationPolicy: { id: 'pol_01k9q2v7n8e6xrd5w3m4h1t0zd', key: 'moderate', name: 'Moderate' },
  createdAt: '2027-03-20T09:30:00.000Z',
  expiresAt: '2027-03-20T09:45:00.000Z',
  ...changes,
});

/** A booking as the API answers it to its guest. */
export const booking = (changes: Record<string, unknown> = {}) => ({
  id: 'bkg_01k9q2v7n8e6xrd5w3m4h1t0za',
  status: 'confirmed',
  version: 2,
  quoteId: 'qte_01k9q2v7n8e6xrd5w3m4h1t0zb',
  listingTitle: 'Sunny loft by the river',
  guestId: 'usr_01k9q2v7n8e6xrd5w3m4h1t0zd',
  hostId: 'usr_01k9q2v7n8e6xrd5w3m4h1t0ze',
  ...STAY,
  hostPayout: null,
  message: null,
  holdExpiresAt: '2027-03-20T09:45:00.000Z',
  respondBy: null,
  confirmedAt: '2027-03-20T09:31:00.000Z',
  checkedInAt: null,
  checkedOutAt: null,
  endedAt: null,
  cancellationPolicy: 'moderate',
  declineReason: null,
  cancellation: null,
  payment: {
    id: 'pay_01k9q2v7n8e6xrd5w3m4h1t0zf',
    status: 'succeeded',
    amount: eur(49_334),
    captured: eur(49_334),
    refunded: eur(0),
    failure: null,
    nextActionUrl: null,
    clientSecret: null,
  },
  address: null,
  createdAt: '2027-03-20T09:30:00.000Z',
  updatedAt: '2027-03-20T09:31:00.000Z',
  ...changes,
});

/** What cancelling would do, as the API answers it. */
export const preview = (changes: Record<string, unknown> = {}) => ({
  refund: eur(16_200),
  hostKeeps: eur(25_704),
  penalty: eur(0),
  lines: [
    { kind: 'nights', description: '4 nights', paid: eur(43_200), refund: eur(16_200) },
    { kind: 'serviceFee', description: 'Service fee', paid: eur(6_134), refund: eur(0) },
  ],
  policy: 'moderate',
  asOf: '2027-04-28T08:00:00.000Z',
  until: '2027-05-01T14:00:00.000Z',
  ...changes,
});
