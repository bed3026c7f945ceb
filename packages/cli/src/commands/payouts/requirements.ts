import { words } from '../../render.ts';

/** What Stripe asks for by a path such as `individual.dob.day`, in words. The beginning of a path speaks for its parts. */
const KNOWN: readonly (readonly [path: string, text: string])[] = [
  ['external_account', 'A bank account for the payouts'],
  ['tos_acceptance', 'Your consent to its terms'],
  ['business_type', 'Whether you are a person or a company'],
  ['business_profile.mcc', 'What kind of business it is'],
  ['business_profile.url', 'Your web page'],
  ['business_profile.product_description', 'What you sell'],
  ['individual.dob', 'Your date of birth'],
  ['individual.address', 'Your address'],
  ['individual.verification.document', 'A photo of your identity card or passport'],
  ['individual.verification.additional_document', 'A second document with your address'],
  ['individual.id_number', 'Your tax number'],
  ['individual.ssn_last_4', 'The last four digits of your social security number'],
  ['individual', 'Your'],
  ['company', 'The company’s'],
  ['representative', 'The representative’s'],
  ['owners', 'The owners’'],
];

export function requirementText(name: string): string {
  const [path, text] = KNOWN.find(([known]) => name === known || name.startsWith(`${known}.`)) ?? ['', ''];
  const rest = name.slice(path.length).replace(/^\./, '');
  if (path !== '' && !WHOSE.has(path)) return text;
  const own = rest.replaceAll(/[._]/g, ' ');
  return path === '' ? words(own) : `${text} ${own}`;
}

/** Of these only whose thing it is is known: the rest of the path says what. */
const WHOSE = new Set(['individual', 'company', 'representative', 'owners']);
