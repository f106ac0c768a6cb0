import { picturesTorch } from '../torch-pictures.ts';

/** Every step of `series` as a picture, rows and steps folded together. */
export const framesInputTorch = picturesTorch('frames', 'series');
