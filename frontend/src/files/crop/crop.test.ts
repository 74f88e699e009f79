/** The square of a picture that becomes an avatar (covers: DIR-56). */
import { describe, expect, it } from 'vitest';
import { drawnAt, middleOf, moved, squareOf, zoomed } from './crop.ts';

const SIZE = { width: 400, height: 200 };

describe('the square of a picture', () => {
  it('is the largest one in the middle until somebody moves it', () => {
    expect(squareOf(SIZE, middleOf(SIZE), SIZE)).toEqual({ x: 100, y: 0, size: 200 });
  });

  it('never leaves the picture, however far it is moved or zoomed', () => {
    const corner = moved(SIZE, zoomed(SIZE, middleOf(SIZE), 4), 9999, 9999);
    expect(squareOf(SIZE, corner, SIZE)).toEqual({ x: 350, y: 150, size: 50 });
    expect(squareOf(SIZE, zoomed(SIZE, corner, 0), SIZE)).toEqual({ x: 200, y: 0, size: 200 });
  });

  it('is told in the pixels of the picture that the server keeps', () => {
    const right = moved(SIZE, middleOf(SIZE), 100, 0);
    expect(squareOf(SIZE, right, { width: 200, height: 100 })).toEqual({ x: 100, y: 0, size: 100 });
  });

  it('fills its frame', () => {
    expect(drawnAt(SIZE, middleOf(SIZE), 100)).toEqual({ width: 200, height: 100, left: -50, top: 0 });
  });
});
