import type { Config, NodeEnv } from '../config.js';
import type { Kind } from '../kinds/kind.js';

type Leaf = string | number | boolean | readonly string[];

/** Every place in the settings: `port`, `log.level`, … */
export type SettingPath = PathsOf<Config>;

type PathsOf<Node> = {
  [Key in keyof Node & string]-?: NonNullable<Node[Key]> extends Leaf
    ? Key
    : `${Key}.${PathsOf<NonNullable<Node[Key]>>}`;
}[keyof Node & string];

type SettingAt<Path extends string, Node = Config> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof Node
    ? SettingAt<Rest, NonNullable<Node[Head]>>
    : never
  : Path extends keyof Node
    ? Node[Path]
    : never;

export const GROUPS = [
  'Server',
  'Database',
  'Redis',
  'Access',
  'Logging',
  'Health',
  'Metrics',
  'Services',
  'Alerts',
] as const;

/** What a default may depend on besides `NODE_ENV`. */
export interface Surroundings {
  readonly nodeEnv: NodeEnv;
  readonly isTerminal: boolean;
  readonly isKubernetes: boolean;
  readonly isPm2: boolean;
}

/** A default that depends on where the process runs. */
export interface ComputedDefault {
  /** For the documentation. */
  readonly says: string;
  of(surroundings: Surroundings): string;
}

interface Described {
  readonly group: (typeof GROUPS)[number];
  /** One sentence. */
  readonly description: string;
  /** Read when the name itself is not set, in this order. */
  readonly aliases?: readonly string[];
  /** `all` of the value is hidden when settings are printed, or only the `password` inside of a URL. */
  readonly secret?: 'all' | 'password';
  /** Stands uncommented in `.env.example`; for what one has to look at before the first start. */
  readonly isShownSet?: true;
  /** Where the base default does not hold. */
  readonly defaultFor?: Readonly<Partial<Record<NodeEnv, string>>>;
}

/** One environment variable. Defaults are written as a person would write them and go through the same parser. */
export interface Variable<Value = unknown, Path extends SettingPath = SettingPath> extends Described {
  readonly setting: Path;
  /** Whether the value is the setting; otherwise `settings/` makes the setting out of several variables. */
  readonly isWhole: boolean;
  readonly kind: Kind<Value>;
  readonly default?: string | ComputedDefault;
}

type WholeSpec<Path extends SettingPath> = Described & {
  readonly kind: Kind<NonNullable<SettingAt<Path>>>;
} & (undefined extends SettingAt<Path>
    ? { readonly default?: undefined }
    : { readonly default: string | ComputedDefault });

/** A variable whose value is a setting: the compiler compares its kind, and whether it needs a default, with `Config`. */
export function whole<Path extends SettingPath>(
  setting: Path,
  spec: WholeSpec<Path>,
): Variable<NonNullable<SettingAt<Path>>, Path> {
  return { ...spec, setting, isWhole: true };
}

/** A variable that a setting is made from, together with others. */
export function part<Value, Path extends SettingPath>(
  setting: Path,
  spec: Described & { readonly kind: Kind<Value>; readonly default?: string | ComputedDefault },
): Variable<Value, Path> {
  return { ...spec, setting, isWhole: false };
}
