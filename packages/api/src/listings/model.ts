import { hash } from 'node:crypto';
import { ListingInput, publishingGaps } from '@sojourn/shared/listing';
import type { ListingStatus } from '@sojourn/shared/vocabulary';
import { publicId } from '../platform/id.ts';
import type { FieldError } from '../platform/problem.ts';

/** What a listing is beside what its host wrote. Ids are the database's. */
export interface Listing {
  id: string;
  hostId: string;
  status: ListingStatus;
  /** Goes up by one with every change. */
  version: number;
  content: ListingInput;
  /** The id of each of `content.photos`, in their order. */
  photoIds: string[];
  /** The mean of the guests' ratings, 1 to 5; null while there are too few. */
  rating: number | null;
  reviewCount: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Where a host may take a listing from each state. Only staff suspend one, and what is archived stays archived. */
export const TRANSITIONS: Readonly<Record<ListingStatus, readonly ListingStatus[]>> = {
  draft: ['published', 'archived'],
  published: ['paused', 'archived'],
  paused: ['published', 'archived'],
  suspended: ['archived'],
  archived: [],
};

/** States in which nothing can depend on a listing, so that it may be deleted. */
export const DELETABLE: readonly ListingStatus[] = ['draft', 'archived'];

/** Whether guests may read a listing. A paused one is not found by searching, but links to it go on working. */
export const isPublic = (status: ListingStatus): boolean => status === 'published' || status === 'paused';

const round3 = (degrees: number) => Math.floor(degrees * 1_000 + 0.5) / 1_000;

/**
 * The point that guests see: three decimals, about 100 m. Search measures distances from this point too; from the exact
 * one, three distances would give the home away.
 */
export const publicPoint = ({ latitude, longitude }: { latitude: number; longitude: number }) => ({
  latitude: round3(latitude),
  longitude: round3(longitude),
});

/** Fields that listings did not always have. */
const LATER_FIELDS = [
  'weeklyDiscountPercent',
  'monthlyDiscountPercent',
  'earlyBirdDays',
  'earlyBirdPercent',
  'lastMinuteDays',
  'lastMinutePercent',
  'nonRefundableDiscountPercent',
  'arrivalMinNights',
  'advanceNoticeHours',
  'bookingWindowDays',
  'preparationNights',
  'longStayPolicy',
] as const satisfies (keyof ListingInput)[];
const LATER_DEFAULTS = LATER_FIELDS.map(
  (field) => [field, JSON.stringify(ListingInput.shape[field].parse(undefined))] as const,
);

/**
 * A fingerprint of what the host wrote, by which an import sees that nothing changed. It is taken of the normalised
 * form, whose members always come in the order of the schema: defaults filled in, text trimmed. Later fields count only
 * where they are not at their default, so that the fingerprints of listings stored before there were such fields hold.
 */
export function contentHash(content: ListingInput): Buffer {
  const counted: Record<string, unknown> = { ...content };
  for (const [field, value] of LATER_DEFAULTS)
    if (JSON.stringify(content[field]) === value) counted[field] = undefined;
  return hash('sha256', JSON.stringify(counted), 'buffer');
}

/** Every listing has an `externalId`: its own id where the host gave none, so that any export can be imported again. */
export const withExternalId = (content: ListingInput, id: string): ListingInput => ({
  ...content,
  externalId: content.externalId ?? publicId('lst', id),
});

/** What an import must know of a listing that is there already. */
export interface KnownListing {
  id: string;
  status: ListingStatus;
  version: number;
  contentHash: Buffer;
}

export interface ImportRules {
  /** Publish drafts that may be. */
  publish: boolean;
  requirePhotos: boolean;
}

/** What becomes of a row of an import, and of its listing. */
export interface ImportPlan {
  outcome: 'created' | 'updated' | 'unchanged' | 'failed';
  /** The state that the listing is in afterwards. */
  status: ListingStatus;
  /** Why the row failed. */
  errors: FieldError[];
  /** Why the listing is not published although that was asked. */
  gaps: FieldError[];
}

/** What became of one row of an import. */
export interface RowOutcome extends Omit<ImportPlan, 'status'> {
  /** As it was sent; null when it was no text. */
  externalId: string | null;
  /** Both null when the row was wrong by itself, so that its listing was not looked up. */
  listingId: string | null;
  status: ListingStatus | null;
}

/**
 * Decides on one row of an import. A listing keeps its state, but for a draft that is to be published and lacks nothing:
 * what its host paused or archived, or staff suspended, is updated and stays so. A published listing never loses what it
 * must have: such a row fails as a whole.
 */
export function planImport(
  row: { content: ListingInput; contentHash: Buffer },
  known: KnownListing | undefined,
  { publish, requirePhotos }: ImportRules,
): ImportPlan {
  const before = known?.status ?? 'draft';
  const changed = !known?.contentHash.equals(row.contentHash);
  const lacks = publishingGaps(row.content, { requirePhotos });
  if (changed && before === 'published' && lacks.length > 0)
    return { outcome: 'failed', status: before, errors: lacks, gaps: [] };
  const status = publish && before === 'draft' && lacks.length === 0 ? 'published' : before;
  const outcome = known === undefined ? 'created' : changed || status !== before ? 'updated' : 'unchanged';
  return { outcome, status, errors: [], gaps: publish ? whyNotPublished(status, lacks) : [] };
}

/** Whether the row is to be written. */
export const writes = ({ outcome }: Pick<ImportPlan, 'outcome'>): boolean =>
  outcome === 'created' || outcome === 'updated';

function whyNotPublished(status: ListingStatus, lacks: FieldError[]): FieldError[] {
  if (status === 'published') return [];
  if (status === 'draft') return lacks;
  return [
    {
      pointer: '',
      code: `stays_${status}`,
      message: `The listing is ${status}, and an import leaves it so.`,
    },
  ];
}
