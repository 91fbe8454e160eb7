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
  for (const { directions, index } of score.masterBars)
    for (const kinds of [DA_CAPO, DAL_SEGNO])
      if (directions?.delete(kinds[0]) === true) directions.add(jumpKind(score.masterBars, index, kinds));
}

function jumpKind(bars: readonly model.MasterBar[], jump: number, [plain, alFine, alCoda]: Kinds): model.Direction {
  const has = (index: number, direction: model.Direction) => bars[index]!.directions?.has(direction) === true;
  let target = 0;
  if (plain === Direction.JumpDalSegno)
    for (target = jump; target > 0 && !has(target, Direction.TargetSegno); ) target--;
  let kind = plain;
  for (let index = target; index <= jump; index++) {
    if (has(index, Direction.TargetFine)) return alFine;
    if (has(index, Direction.JumpDaCoda)) kind = alCoda;
    // A coda before the jump would lead to the jump again, without end.
    if (has(index, Direction.TargetCoda)) kind = plain;
  }
  const coda = bars.some((_, index) => index > jump && has(index, Direction.TargetCoda));
  return coda ? kind : plain;
}
