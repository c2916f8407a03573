export default function setup(): void {
  // filled in by the Postgres support
}
