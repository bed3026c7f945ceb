/** The names that all must be there, each with its spellings: the place itself, then what it lies in. */
export type PlaceReading = readonly [readonly string[], ...(readonly string[])[]];

const US_STATES = `AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,
DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,
LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,
NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,
OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,
VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming`;

const bare = (name: string) => name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Other spellings of regions and countries. Countries are indexed by their code behind an equals sign. */
const SPELLINGS = spellings();

function spellings(): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const add = (name: string, spelling: string) =>
    known.set(bare(name), (known.get(bare(name)) ?? new Set()).add(spelling));
  for (const state of US_STATES.split(/,\s*/)) {
    const [code, name] = [state.slice(0, 2), state.slice(3)];
    add(code, name);
    add(name, code);
  }
  const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const styles = (['long', 'short'] as const).map(
    (style) => new Intl.DisplayNames('en', { type: 'region', style, fallback: 'none' }),
  );
  for (const code of codes)
    for (const name of [code, ...styles.map((names) => names.of(code))]) if (name) add(name, `=${code}`);
  add('USA', '=US');
  return known;
}

const spelled = (name: string) => [name, ...(SPELLINGS.get(bare(name)) ?? [])];

/**
 * What a text such as "Brooklyn, NY" may mean, the likeliest first: the place by its very name within the others; one
 * or two last words as what it lies in ("Brooklyn NY"); the place by another spelling of its name ("France").
 */
export function readPlace(text: string): PlaceReading[] {
  const parts = text
    .normalize('NFKC')
    .split(',')
    .map((part) => part.trim().replaceAll(/\s+/g, ' '))
    .filter(Boolean);
  const [name, ...wider] = parts;
  if (name === undefined) return [];
  const within = wider.map(spelled);
  const words = wider.length > 0 ? [] : name.split(' ');
  const split = [1, 2].filter((last) => last < words.length);
  const readings: PlaceReading[] = split.map((last) => [
    [words.slice(0, -last).join(' ')],
    spelled(words.slice(-last).join(' ')),
  ]);
  return [[[name], ...within], ...readings, [spelled(name), ...within]];
}
