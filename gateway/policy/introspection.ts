/** Who may ask for the schema. What they are shown of it is another matter (visible.ts). */
import type { Settings } from '../../platform/config.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';

export function refuseIntrospection(settings: Pick<Settings, 'INTROSPECTION' | 'production'>, viewer: Viewer): void {
  const shown = settings.INTROSPECTION ?? (settings.production ? 'callers' : 'on');
  if (shown === 'off' || (shown === 'callers' && viewer.kind === 'anonymous')) throw new AtlasError('INTROSPECTION_DISABLED');
}
