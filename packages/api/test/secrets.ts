/** What must never stand in a log, by what it is. */
const SECRETS: Record<string, RegExp> = {
  'a key of Stripe': /\b(?:sk|rk)_(?:test|live)_\w+/g,
  'a signing secret': /\bwhsec_[\w+/=]+/g,
  'a client secret of Stripe': /\b\w+_secret_\w+/g,
  'an API key': /\bsjn_(?:test|live)_\w+/g,
  'an access token': /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g,
  'a password of the tests': /a long passphrase of the|harbour-lantern-42/g,
};

/** Sixteen digits in fours, or 13 to 19 in a row that begin as cards do: not an instant in milliseconds, nor part of an id. */
const DIGITS = /(?<![\w.-])(?:[3-6]\d{3}([ -])\d{4}\1\d{4}\1\d{1,7}|[3-6]\d{12,18})(?![\w-])/g;

/** Whether the last digit checks the others, as that of a card does. */
export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** The secrets in a text, each as "what it is: its beginning". Texts beside them are looked for as they are. */
export function secretsIn(text: string, others: readonly string[] = []): string[] {
  const found = Object.entries(SECRETS).flatMap(([what, pattern]) =>
    (text.match(pattern) ?? []).map((secret) => `${what}: ${secret.slice(0, 14)}…`),
  );
  const cards = (text.match(DIGITS) ?? []).filter((digits) => passesLuhn(digits.replaceAll(/\D/g, '')));
  return [
    ...found,
    ...cards.map((digits) => `a card number: ${digits.slice(0, 6)}…`),
    ...others.filter((secret) => text.includes(secret)).map((secret) => `${secret.slice(0, 6)}…`),
  ];
}
