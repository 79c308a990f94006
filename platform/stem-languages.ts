/** The languages whose words are stemmed, and what their commonest words are: as others keep them. */
import { stemmer as arabic } from '@orama/stemmers/arabic';
import { stemmer as armenian } from '@orama/stemmers/armenian';
import { stemmer as bulgarian } from '@orama/stemmers/bulgarian';
import { stemmer as danish } from '@orama/stemmers/danish';
import { stemmer as dutch } from '@orama/stemmers/dutch';
import { stemmer as finnish } from '@orama/stemmers/finnish';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as greek } from '@orama/stemmers/greek';
import { stemmer as hungarian } from '@orama/stemmers/hungarian';
import { stemmer as indonesian } from '@orama/stemmers/indonesian';
import { stemmer as irish } from '@orama/stemmers/irish';
import { stemmer as italian } from '@orama/stemmers/italian';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as romanian } from '@orama/stemmers/romanian';
import { stemmer as russian } from '@orama/stemmers/russian';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as swedish } from '@orama/stemmers/swedish';
import { stemmer as turkish } from '@orama/stemmers/turkish';
import { stemmer as english } from 'stemmer';
import { stopwords as stopArabic } from '@orama/stopwords/arabic';
import { stopwords as stopArmenian } from '@orama/stopwords/armenian';
import { stopwords as stopBulgarian } from '@orama/stopwords/bulgarian';
import { stopwords as stopDanish } from '@orama/stopwords/danish';
import { stopwords as stopDutch } from '@orama/stopwords/dutch';
import { stopwords as stopEnglish } from '@orama/stopwords/english';
import { stopwords as stopFinnish } from '@orama/stopwords/finnish';
import { stopwords as stopFrench } from '@orama/stopwords/french';
import { stopwords as stopGerman } from '@orama/stopwords/german';
import { stopwords as stopGreek } from '@orama/stopwords/greek';
import { stopwords as stopHungarian } from '@orama/stopwords/hungarian';
import { stopwords as stopIndonesian } from '@orama/stopwords/indonesian';
import { stopwords as stopIrish } from '@orama/stopwords/irish';
import { stopwords as stopItalian } from '@orama/stopwords/italian';
import { stopwords as stopNorwegian } from '@orama/stopwords/norwegian';
import { stopwords as stopPortuguese } from '@orama/stopwords/portuguese';
import { stopwords as stopRomanian } from '@orama/stopwords/romanian';
import { stopwords as stopRussian } from '@orama/stopwords/russian';
import { stopwords as stopSpanish } from '@orama/stopwords/spanish';
import { stopwords as stopSwedish } from '@orama/stopwords/swedish';
import { stopwords as stopTurkish } from '@orama/stopwords/turkish';

export interface StemLanguage { stem: (word: string) => string; stops: readonly string[] }

/** Where, when and how much: words that somebody who asks `before` or `between` means. */
const TELLING = new Set(['above', 'again', 'against', 'because', 'before', 'below', 'between', 'both', 'down', 'during', 'each', 'few', 'further', 'here', 'more', 'most', 'must', 'once', 'through', 'until']);
/** The kept list lacks the commonest of all. */
const stopsOfEnglish = ['a', ...stopEnglish.filter((word) => !TELLING.has(word))];

/** English by Porter's own rules: those kept beside the others part `connect` from `connection`. */
export const STEM_LANGUAGES: Readonly<Record<string, StemLanguage>> = {
  ar: { stem: arabic, stops: stopArabic }, bg: { stem: bulgarian, stops: stopBulgarian }, da: { stem: danish, stops: stopDanish }, de: { stem: german, stops: stopGerman },
  el: { stem: greek, stops: stopGreek }, en: { stem: english, stops: stopsOfEnglish }, es: { stem: spanish, stops: stopSpanish }, fi: { stem: finnish, stops: stopFinnish },
  fr: { stem: french, stops: stopFrench }, ga: { stem: irish, stops: stopIrish }, hu: { stem: hungarian, stops: stopHungarian }, hy: { stem: armenian, stops: stopArmenian },
  id: { stem: indonesian, stops: stopIndonesian }, it: { stem: italian, stops: stopItalian }, nl: { stem: dutch, stops: stopDutch }, no: { stem: norwegian, stops: stopNorwegian },
  pt: { stem: portuguese, stops: stopPortuguese }, ro: { stem: romanian, stops: stopRomanian }, ru: { stem: russian, stops: stopRussian }, sv: { stem: swedish, stops: stopSwedish },
  tr: { stem: turkish, stops: stopTurkish },
};
