/** Why a part is not there; with a cure when it should be. */
export interface Absent {
  readonly absent: string;
  readonly cure?: string;
}
