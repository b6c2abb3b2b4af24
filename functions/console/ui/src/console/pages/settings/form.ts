import type { Schemas } from '../../../api/client.js';
import { lines } from '../../../parts/field.js';

/** Typed is what the form shows of the settings, as it is typed. */
export interface Typed {
  reminders: boolean;
  /** Largest first, as the API keeps them. */
  days: number[];
  rotation: 'default' | 'days' | 'never';
  rotationDays: string;
  notices: boolean;
  stale: 'never' | 'days';
  staleDays: string;
  staleDisable: boolean;
  admins: string;
  returnUrls: string;
}

/** What holds where nothing is said, as the API documents it. */
export const defaults = { daysBefore: 14, rotationDays: 90, staleDays: 90 };

/** typed is the form of settings. */
export function typed(s: Schemas['Settings']): Typed {
  const rotation = s.reminders.rotationDays ?? 0;
  return {
    reminders: s.reminders.enabled, days: s.reminders.daysBefore ?? [],
    rotation: rotation === 0 ? 'default' : rotation < 0 ? 'never' : 'days', rotationDays: String(rotation > 0 ? rotation : defaults.rotationDays),
    notices: s.notices, stale: s.stale.days ? 'days' : 'never', staleDays: String(s.stale.days || defaults.staleDays), staleDisable: s.stale.disable ?? false,
    admins: (s.admins ?? []).join('\n'), returnUrls: (s.returnUrls ?? []).join('\n'),
  };
}

/** settings is what the form says. */
export function settings(f: Typed): Schemas['SettingsPut'] {
  return {
    reminders: { enabled: f.reminders, daysBefore: f.days, rotationDays: { default: 0, never: -1, days: Number(f.rotationDays) }[f.rotation] },
    notices: f.notices, stale: f.stale === 'days' ? { days: Number(f.staleDays), disable: f.staleDisable } : {},
    admins: lines(f.admins), returnUrls: lines(f.returnUrls),
  };
}

/** withDay adds a step to the ladder. */
export function withDay(days: number[], day: number): number[] {
  return [...new Set([...days, day])].sort((a, b) => b - a);
}
