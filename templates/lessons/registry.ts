import { lesson } from '../../engine/document/lesson.ts';
import agreement from './agreement.lesson.json' with { type: 'json' };
import attention from './attention.lesson.json' with { type: 'json' };
import bptt from './bptt.lesson.json' with { type: 'json' };
import embedding from './embedding.lesson.json' with { type: 'json' };
import fading from './fading.lesson.json' with { type: 'json' };
import gates from './gates.lesson.json' with { type: 'json' };
import unfold from './unfold.lesson.json' with { type: 'json' };
import vanishing from './vanishing.lesson.json' with { type: 'json' };

/** The lessons of the app, in the order of the lectures: each builds on those before it. */
export const lessons = [embedding, unfold, bptt, fading, vanishing, gates, agreement, attention].map((json) =>
  lesson.parse(json),
);
