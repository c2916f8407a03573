import { join } from 'node:path';
import type { BackupManifest } from '../../index.js';
import { archiveTool, isArchive } from './archive-tool.js';
import { damaged, formatOf, readContent, type ReadContent } from './content.js';
import { progress } from './progress.js';
import { startTool, type ToolCall } from './run-tool.js';
import type { Tool } from './tools.js';

/** Reads a file as a restore would, without a database: every byte, and with pg_restore what that can read. */
export async function readBack(path: string, call: ToolCall, pgRestore?: Tool): Promise<ReadContent> {
  const format = await formatOf(path);
  const content = await readContent(path, format, progress(call.terminal, `reading ${path}`));
  if (isArchive(format)) {
    const tool = pgRestore ?? (await archiveTool(path, format, call.terminal));
    await startTool(tool, ['--file=/dev/null', path], call).ended.catch((error: unknown) => {
      throw damaged(path, error instanceof Error ? error.message : String(error));
    });
  }
  return content;
}

/** The same, and refuses what is not byte for byte what the manifest was written for. */
export async function checkedBackup(dir: string, manifest: BackupManifest, call: ToolCall): Promise<ReadContent> {
  const path = join(dir, manifest.file);
  const format = await formatOf(path);
  const content = await readContent(path, format, progress(call.terminal, `reading ${path}`, manifest.sizeBytes));
  if (content.sha256 !== manifest.sha256) throw damaged(path, 'its checksum is not that of its manifest');
  return content;
}
