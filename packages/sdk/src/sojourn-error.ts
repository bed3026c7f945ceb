/** Everything that this package throws of its own accord. */
export class SojournError extends Error {
  static {
    SojournError.prototype.name = 'SojournError';
  }
}
