import { model } from '@coderline/alphatab';

const { Direction } = model;

type Kinds = readonly [plain: model.Direction, alFine: model.Direction, alCoda: model.Direction];

const DA_CAPO: Kinds = [Direction.JumpDaCapo, Direction.JumpDaCapoAlFine, Direction.JumpDaCapoAlCoda];
const DAL_SEGNO: Kinds = [Direction.JumpDalSegno, Direction.JumpDalSegnoAlFine, Direction.JumpDalSegnoAlCoda];

/**
 * MusicXML says that the music goes back, and elsewhere where it ends or goes on to a coda the second time; the library wants to know with the jump.
 * What is passed on the way back to the jump decides: a fine ends the music, otherwise a "to coda" leads on to the coda.
 */
export function tellJumpKinds(score: model.Score): void {
  const finalCoda = score.masterBars.findLastIndex(({ directions }) => directions?.has(Direction.TargetCoda));
  /** The latest bar so far with each. */
  const latest = { segno: 0, fine: -1, toCoda: -1, coda: -1 };
  for (const { directions, index } of score.masterBars) {
    if (directions === null) continue;
    if (directions.has(Direction.TargetSegno)) latest.segno = index;
    if (directions.has(Direction.TargetFine)) latest.fine = index;
    if (directions.has(Direction.JumpDaCoda)) latest.toCoda = index;
    if (directions.has(Direction.TargetCoda)) latest.coda = index;
    for (const kinds of [DA_CAPO, DAL_SEGNO]) {
      const [plain, alFine, alCoda] = kinds;
      if (!directions.delete(plain)) continue;
      const target = kinds === DA_CAPO ? 0 : latest.segno;
      // A coda on the way would lead to the jump again, without end.
      const reachesCoda = latest.toCoda >= target && latest.coda < target && finalCoda > index;
      directions.add(latest.fine >= target ? alFine : reachesCoda ? alCoda : plain);
    }
  }
}
