import type { Block } from './block.ts';

const WIDTH = 72;

/** The mail for programs, and people, that read text. */
export function textOf(blocks: readonly Block[], brand: string): string {
  return `${[...blocks.map(blockText), `-- \n${brand}`].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'button':
      return `${wrapped(`${block.label}:`)}\n${block.url}`;
    case 'code':
      return `    ${block.text}`;
    case 'list':
      return block.items.map((item) => `- ${wrapped(item, '  ')}`).join('\n');
    default:
      return wrapped(block.text);
  }
}

/** Broken between words, so that no line is longer than people like to read; a longer word stays whole. */
function wrapped(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line && line.length + 1 + word.length > WIDTH - indent.length) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join(`\n${indent}`);
}
