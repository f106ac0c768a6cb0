import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { UnrollDocument } from '../engine/document/schema.ts';
import { unrollDocument } from '../engine/document/schema.ts';
import { templateInfo } from '../engine/protocol/documents.ts';
import { UserError } from '../engine/protocol/envelope.ts';
import * as adding from './adding/data.ts';
import addingJson from './adding/template.json' with { type: 'json' };
import * as agreement from './agreement/data.ts';
import agreementJson from './agreement/template.json' with { type: 'json' };
import * as cells from './cells/data.ts';
import cellsJson from './cells/template.json' with { type: 'json' };
import * as co2 from './co2/data.ts';
import co2Json from './co2/template.json' with { type: 'json' };
import * as dates from './dates/data.ts';
import datesJson from './dates/template.json' with { type: 'json' };
import * as dnaPromoter from './dna-promoter/data.ts';
import dnaPromoterJson from './dna-promoter/template.json' with { type: 'json' };
import * as imageCaptioning from './image-captioning/data.ts';
import imageCaptioningJson from './image-captioning/template.json' with { type: 'json' };
import * as languageModel from './language-model/data.ts';
import languageModelJson from './language-model/template.json' with { type: 'json' };
import * as music from './music/data.ts';
import musicJson from './music/template.json' with { type: 'json' };
import * as nameTagger from './name-tagger/data.ts';
import nameTaggerJson from './name-tagger/template.json' with { type: 'json' };
import * as posTagger from './pos-tagger/data.ts';
import posTaggerJson from './pos-tagger/template.json' with { type: 'json' };
import * as pronunciation from './pronunciation/data.ts';
import pronunciationJson from './pronunciation/template.json' with { type: 'json' };
import * as questionAnswering from './question-answering/data.ts';
import questionAnsweringJson from './question-answering/template.json' with { type: 'json' };
import * as sentiment from './sentiment/data.ts';
import sentimentJson from './sentiment/template.json' with { type: 'json' };
import * as shapes from './shapes/data.ts';
import shapesJson from './shapes/template.json' with { type: 'json' };
import * as spamFilter from './spam-filter/data.ts';
import spamFilterJson from './spam-filter/template.json' with { type: 'json' };
import * as speech from './speech/data.ts';
import speechJson from './speech/template.json' with { type: 'json' };
import * as syllables from './syllables/data.ts';
import syllablesJson from './syllables/template.json' with { type: 'json' };
import * as temperature from './temperature/data.ts';
import temperatureJson from './temperature/template.json' with { type: 'json' };
import type { Template } from './template.ts';
import * as videoActivity from './video-activity/data.ts';
import videoActivityJson from './video-activity/template.json' with { type: 'json' };

export type { Template } from './template.ts';

/** All templates, the one to start with first. */
export const templates: readonly Template[] = [
  define(syllablesJson, syllables),
  define(shapesJson, shapes),
  define(nameTaggerJson, nameTagger),
  define(spamFilterJson, spamFilter),
  define(temperatureJson, temperature),
  define(posTaggerJson, posTagger),
  define(sentimentJson, sentiment),
  define(agreementJson, agreement),
  define(cellsJson, cells),
  define(questionAnsweringJson, questionAnswering),
  define(dnaPromoterJson, dnaPromoter),
  define(pronunciationJson, pronunciation),
  define(datesJson, dates),
  define(languageModelJson, languageModel),
  define(addingJson, adding),
  define(co2Json, co2),
  define(musicJson, music),
  define(speechJson, speech),
  define(videoActivityJson, videoActivity),
  define(imageCaptioningJson, imageCaptioning),
];

/** @throws UserError `template-unknown` */
export function findTemplate(name: string): Template {
  const found = templates.find((template) => template.info.name === name);
  if (found) return found;
  throw new UserError({
    code: 'template-unknown',
    message: `there is no template “${name}”; there are ${templates.map((template) => template.info.name).join(', ')}`,
    hint: 'Choose one of these.',
  });
}

function define(json: { info: unknown; document: unknown }, data: Pick<Template, 'columns' | 'rows' | 'filesOf'>): Template {
  const info = templateInfo.parse(json.info);
  return {
    info,
    document: (): UnrollDocument => unrollDocument.parse(json.document),
    get readme() {
      return readme(info.name);
    },
    columns: data.columns,
    rows: data.rows,
    ...(data.filesOf ? { filesOf: data.filesOf } : {}),
  };
}

const readme = (name: string): string => readFileSync(fileURLToPath(new URL(`./${name}/README.md`, import.meta.url)), 'utf8');
