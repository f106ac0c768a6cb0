import { lesson } from '../../engine/document/lesson.ts';
import embedding from './embedding.lesson.json' with { type: 'json' };

/** The lessons of the app, in the order of the lectures: each builds on those before it. */
export const lessons = [embedding].map((json) => lesson.parse(json));
