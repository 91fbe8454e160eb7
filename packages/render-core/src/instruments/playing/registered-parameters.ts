/** No parameter is selected, or one that means nothing here. */
const NONE = -1;
const BEND_RANGE = 0;
const FINE_TUNING = 1;
const COARSE_TUNING = 2;
const MODULATION_DEPTH = 5;
const KNOWN = [BEND_RANGE, FINE_TUNING, COARSE_TUNING, MODULATION_DEPTH];

/**
 * Registered parameters of a channel, set through controllers 100 and 101, 6, 38, 96 and 97 (MIDI 1.0 Detailed Specification, "Registered and
 * Non-Registered Parameter Numbers"; modulation depth range: General MIDI 2).
 */
export class RegisteredParameters {
  bendRangeCents = 0;
  fineCents = 0;
  coarseCents = 0;
  /** Vibrato at full modulation wheel. */
  modulationDepthCents = 0;
  private selected = NONE;
  private coarse = 127;
  private fine = 127;
  private dataCoarse = 0;
  private dataFine = 0;

  constructor() {
    this.reset();
  }

  reset(): void {
    this.bendRangeCents = 200;
    this.fineCents = 0;
    this.coarseCents = 0;
    this.modulationDepthCents = 50;
    this.deselect();
  }

  deselect(): void {
    this.selected = NONE;
    this.coarse = 127;
    this.fine = 127;
  }

  /** Follows a controller. Returns whether it has set a parameter. */
  control(controller: number, value: number): boolean {
    switch (controller) {
      case 98:
      case 99:
        this.selected = NONE;
        return false;
      case 100:
        this.fine = value;
        this.select();
        return false;
      case 101:
        this.coarse = value;
        this.select();
        return false;
      case 6:
        this.dataCoarse = value;
        if (this.selected !== FINE_TUNING) this.dataFine = 0;
        return this.set();
      case 38:
        this.dataFine = value;
        return this.set();
      case 96:
      case 97:
        this.dataCoarse = Math.min(127, Math.max(0, this.dataCoarse + (controller === 96 ? 1 : -1)));
        return this.set();
      default:
        return false;
    }
  }

  /** Steps and fine halves go on from the value that is set. */
  private select(): void {
    this.selected = this.coarse === 0 && KNOWN.includes(this.fine) ? this.fine : NONE;
    switch (this.selected) {
      case BEND_RANGE:
        this.dataCoarse = Math.floor(this.bendRangeCents / 100);
        this.dataFine = this.bendRangeCents % 100;
        break;
      case FINE_TUNING: {
        const value = Math.round((this.fineCents / 100) * 8192) + 8192;
        this.dataCoarse = value >> 7;
        this.dataFine = value & 127;
        break;
      }
      case COARSE_TUNING:
        this.dataCoarse = this.coarseCents / 100 + 64;
        break;
      case MODULATION_DEPTH:
        this.dataCoarse = Math.floor(this.modulationDepthCents / 100);
        this.dataFine = Math.round((this.modulationDepthCents % 100) * 1.28);
    }
  }

  private set(): boolean {
    switch (this.selected) {
      case BEND_RANGE:
        this.bendRangeCents = this.dataCoarse * 100 + this.dataFine;
        return true;
      case FINE_TUNING:
        this.fineCents = ((this.dataCoarse * 128 + this.dataFine - 8192) / 8192) * 100;
        return true;
      case COARSE_TUNING:
        this.coarseCents = (this.dataCoarse - 64) * 100;
        return true;
      case MODULATION_DEPTH:
        this.modulationDepthCents = this.dataCoarse * 100 + this.dataFine / 1.28;
        return true;
      default:
        return false;
    }
  }
}
