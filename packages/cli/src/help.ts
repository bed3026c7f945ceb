import type { HelpConfiguration } from '@commander-js/extra-typings';
import type { Command, Help, Option } from 'commander';
import type { Colours } from './io.ts';

/** Help in commander's words, with the commands before the flags: what can be done comes before how. */
export function helpStyle(paint: Colours): HelpConfiguration {
  const style: Partial<Help> = {
    showGlobalOptions: true,
    subcommandTerm: (command) => command.name(),
    optionDescription: ({ description, argChoices, defaultValue }) =>
      [
        description,
        argChoices && `(${argChoices.join(', ')})`,
        defaultValue !== undefined && `[default: ${defaultValue}]`,
      ]
        .filter(Boolean)
        .join(' '),
    argumentDescription: ({ description, argChoices }) =>
      argChoices ? `${description} (${argChoices.join(', ')})` : description,
    styleTitle: paint.bold,
    styleCommandText: paint.cyan,
    styleSubcommandTerm: paint.cyan,
    styleOptionTerm: paint.cyan,
    styleArgumentTerm: paint.cyan,
    formatHelp,
  };
  // The typed wrapper tells commands apart by their arguments and flags, which is nothing that help asks about.
  return style as unknown as HelpConfiguration;
}

function formatHelp(command: Command, helper: Help): string {
  const termWidth = helper.padWidth(command, helper);
  const item = (term: string, description: string) => helper.formatItem(term, termWidth, description, helper);
  const sections: [title: string, items: string[]][] = [
    [
      'Arguments:',
      helper
        .visibleArguments(command)
        .map((one) =>
          item(helper.styleArgumentTerm(helper.argumentTerm(one)), helper.argumentDescription(one)),
        ),
    ],
  ];
  // `help` helps whoever tries it; in a list that is help itself it only takes a line.
  const listed = helper.visibleCommands(command).filter((one) => one.name() !== 'help');
  for (const [title, commands] of helper.groupItems(
    [...command.commands],
    listed,
    (one) => one.helpGroup() || 'Commands:',
  ))
    sections.push([
      title,
      commands.map((one) =>
        item(helper.styleSubcommandTerm(helper.subcommandTerm(one)), helper.subcommandDescription(one)),
      ),
    ]);

  const flag = (option: Option) =>
    item(helper.styleOptionTerm(helper.optionTerm(option)), helper.optionDescription(option));
  const own = helper.visibleOptions(command);
  for (const [title, options] of helper.groupItems(
    [...command.options],
    own,
    (one) => one.helpGroupHeading ?? (command.parent ? 'Flags:' : EVERYWHERE),
  ))
    sections.push([title, options.map(flag)]);
  // --version is a matter of the program, not of each of its commands.
  sections.push([
    EVERYWHERE,
    helper
      .visibleGlobalOptions(command)
      .filter(({ long }) => long !== '--version')
      .map(flag),
  ]);

  return [
    `${helper.styleTitle('Usage:')} ${helper.styleUsage(helper.commandUsage(command))}`,
    '',
    helper.boxWrap(helper.commandDescription(command), helper.helpWidth ?? 80),
    '',
    ...sections.flatMap(([title, items]) => helper.formatItemList(title, items, helper)),
  ].join('\n');
}

const EVERYWHERE = 'Everywhere:';
