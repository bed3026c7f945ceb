/**
 * What is remembered of one kind of thing, for how long and in how many places. `T` is what is remembered; a space is
 * made once, beside what reads the thing.
 */
interface Space<T> {
  name: string;
  /** For how long a value may be shown, counted from when reading it began, in milliseconds. */
  ttlMs: number;
  /** How many values one process holds; the least recently used goes first. */
  max: number;
  /** Only carries the type; it is never there. */
  readonly holds?: T;
}

/** Stays in the memory of each process: for secrets, and for values that are more than JSON. */
export interface LocalSpace<T> extends Space<T> {
  shared: false;
  /** Whether it is remembered, too, that something is not there. */
  keepsMissing: boolean;
}

/** Held by Redis, too, where there is one, so that what one process read serves all. */
export interface SharedSpace<T> extends Space<T> {
  shared: true;
  /** Goes up when the shape of the value changes: processes of two versions run side by side during a deploy. */
  version: number;
}

export type CacheSpace<T> = LocalSpace<T> | SharedSpace<T>;

/** `T` where JSON brings it back as it was, else something that it is not: no dates, maps, functions or bigints. */
export type JsonSafe<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends bigint | symbol | ((...args: never) => unknown)
    ? never
    : { [K in keyof T]: JsonSafe<T[K]> };

export const localSpace = <T>(space: Omit<LocalSpace<T>, 'shared' | 'holds'>): LocalSpace<T> => ({
  ...space,
  shared: false,
});

/** Members that are undefined do not come back, which makes no difference to who reads them. */
export const sharedSpace = <T>(
  space: Omit<SharedSpace<T>, 'shared' | 'holds'> & ([T] extends [JsonSafe<T>] ? unknown : NotJsonSafe),
): SharedSpace<T> => ({ ...space, shared: true });

/** Stands in the compiler's message where a value has members that JSON would not bring back. */
interface NotJsonSafe {
  valueMustBeJsonSafe: never;
}

export interface Cache {
  /**
   * What is known under the key, or else what `load` reads. All who ask at once share one load, and get the very same
   * object. A load that fails is told to all who wait for it and is not kept; one that began before a `forget` is not
   * shown to who asks after it.
   */
  remember<T>(space: CacheSpace<T>, key: string, load: () => Promise<T | undefined>): Promise<T | undefined>;
  /**
   * Whoever asks this process from now on gets what is loaded from now on. Other processes follow within the space's
   * time, or when they hear of the event. The promise, which never fails, is there when Redis has heard of it, too.
   */
  forget(space: CacheSpace<unknown>, keys: Iterable<string>): Promise<void>;
  /** Says what is so from now on, whatever a load that is under way may still find. */
  put<T>(space: LocalSpace<T>, key: string, value: T | undefined): void;
}
