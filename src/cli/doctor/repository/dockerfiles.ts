import type { Repository } from './repository.js';

interface Instruction {
  /** In upper case. */
  readonly name: string;
  readonly value: string;
}

export interface Dockerfile {
  readonly file: string;
  readonly text: string;
  readonly instructions: readonly Instruction[];
  /** Of the image that is run: everything since the last FROM. */
  readonly finalStage: readonly Instruction[];
}

const DOCKERFILE = /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.(?!dockerignore$)[\w-]+)?$/;

export async function dockerfilesIn(repository: Repository): Promise<Dockerfile[]> {
  const paths = await repository.paths(DOCKERFILE);
  return Promise.all(
    paths.map(async (file) => {
      const text = (await repository.text(file)) ?? '';
      const instructions = instructionsIn(text);
      const last = instructions.findLastIndex(({ name }) => name === 'FROM');
      return { file, text, instructions, finalStage: instructions.slice(Math.max(0, last)) };
    }),
  );
}

/** As https://docs.docker.com/reference/dockerfile/#format has it: continued lines, and comments in between. */
function instructionsIn(text: string): Instruction[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  const whole = lines.join('\n').replace(/[\\`][ \t]*\n/g, ' ');
  return whole.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*([A-Za-z]+)\s+(.*\S)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name: name.toUpperCase(), value }];
  });
}

/** The image of the stage that is run, with the defaults of the ARGs before it; nothing for a stage of the same file. */
export function baseImageOf({ instructions }: Dockerfile): string | undefined {
  const given = new Map(
    instructions.flatMap(({ name, value }) => {
      const [, arg, text] = name === 'ARG' ? (/^(\w+)=["']?([^"'\s]*)/.exec(value) ?? []) : [];
      return arg === undefined || text === undefined ? [] : [[arg, text] as const];
    }),
  );
  const stages = new Map<string, string>();
  let image: string | undefined;
  for (const { value } of instructions.filter(({ name }) => name === 'FROM')) {
    const [, from = '', stage] = /^(?:--\S+\s+)*(\S+)(?:\s+[Aa][Ss]\s+(\S+))?/.exec(value) ?? [];
    const named = from.replace(/\$\{?(\w+)(?::-([^}]*))?\}?/g, (_all, arg: string, otherwise?: string) => {
      return given.get(arg) ?? otherwise ?? '';
    });
    image = stages.get(named) ?? named;
    if (stage !== undefined) stages.set(stage, image);
  }
  return image;
}
