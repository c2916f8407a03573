/** A number of a measure, in its unit; of one `resource` where there are several. */
export interface MeasureValue {
  readonly value: number;
  readonly resource?: string;
}

/** What a measure says now: a number, several, or nothing when there is nothing to say. */
export type MeasureReading = number | undefined | readonly MeasureValue[];

export type MeasureReader = () => MeasureReading | Promise<MeasureReading>;
