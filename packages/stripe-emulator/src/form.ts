import { invalid } from './errors.ts';

export interface Form {
  [name: string]: string | Form;
}

const MAX_PARAMETERS = 2000;

/** Reads `a[b][0]=c` into `{ a: { b: { 0: 'c' } } }`. Lists stay objects with numbers as names, until a field reads them. */
export function parseForm(encoded: string): Form {
  const form = emptyForm();
  let count = 0;
  for (const [name, value] of new URLSearchParams(encoded)) {
    if (++count > MAX_PARAMETERS) throw invalid('Too many parameters.');
    put(form, pathOf(name), value);
  }
  return form;
}

/** Without a prototype: a parameter may be named `constructor`. */
const emptyForm = (): Form => Object.create(null) as Form;

function pathOf(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0) return [name];
  const inner = name.slice(open + 1).replace(/\]$/, '');
  return [name.slice(0, open), ...inner.split('][')];
}

function put(form: Form, path: string[], value: string): void {
  let place = form;
  for (const part of path.slice(0, -1)) {
    const name = part === '' ? nextIndex(place) : part;
    const inner = place[name];
    if (typeof inner === 'object') place = inner;
    else {
      const made = emptyForm();
      place[name] = made;
      place = made;
    }
  }
  const last = path.at(-1) ?? '';
  place[last === '' ? nextIndex(place) : last] = value;
}

const nextIndex = (form: Form): string => String(Object.keys(form).length);

/** The same from JSON, for those who steer the emulator by hand. */
export function formOfJson(encoded: string): Form {
  if (encoded === '') return emptyForm();
  try {
    return textsOf(JSON.parse(encoded) as object);
  } catch {
    throw invalid('The body is not JSON.');
  }
}

function textsOf(value: object): Form {
  const form = emptyForm();
  for (const [name, item] of Object.entries(value) as [string, unknown][]) {
    if (item === undefined || item === null) continue;
    form[name] = typeof item === 'object' ? textsOf(item) : String(item);
  }
  return form;
}
