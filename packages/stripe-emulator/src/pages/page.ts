/** What a page answers: HTML, or where to go. */
export type Page = { status: number; html: string } | { location: string };
