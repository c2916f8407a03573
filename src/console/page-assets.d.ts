/** Made by the build out of `page/`: see `.ci/console-page.ts`. Minified, and without anything that has to be escaped in HTML. */
export const script: string;
export const style: string;
