/** A part of a list, newest first. */
export interface ListPage {
  limit: number;
  /** The id of the last of the page before. */
  before: string | undefined;
}
