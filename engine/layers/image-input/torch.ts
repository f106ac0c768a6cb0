import { picturesTorch } from '../torch-pictures.ts';

/** The one step of `series` as pictures. */
export const imageInputTorch = picturesTorch('image', 'series[:, 0]');
