// Another sequence of the same stops in which more of them can be kept.

import { type Course, compare } from "./course";
import type { Ahead } from "./kept-day";

/** Null where none keeps more; what was agreed goes before all else. The first `held` keep their places, and so does what is pinned. */
export function another(
  all: Ahead[],
  held: number,
  reckon: (ahead: Ahead[]) => Course,
): Ahead[] | null {
  const fast = [...all.entries()].filter(([at, one]) => at < held || isPinned(one));
  const whole = (free: Ahead[]) => {
    const put = [...free];
    for (const [at, one] of fast) put.splice(at, 0, one);
    return put;
  };
  const cost = (free: Ahead[]) => {
    const put = whole(free);
    const course = reckon(put);
    const agreed = course.halts.filter(({ kept }, at) => !kept && put[at]?.stop.fixed !== null);
    return [agreed.length, misses(course), course.over, course.finish];
  };
  let free = all.filter((one) => !fast.some(([, stays]) => stays === one));
  const before = cost(free);
  let least = before;
  for (let better: Ahead[] | null = free; better; ) {
    free = better;
    better = null;
    for (const tried of moved(free)) {
      const costs = cost(tried);
      if (compare(costs, least) < 0) [better, least] = [tried, costs];
    }
  }
  return compare(least.slice(0, 3), before.slice(0, 3)) < 0 ? whole(free) : null;
}

/** What of a day cannot be kept: stops, and its end. */
export function misses({ halts, over }: Course): number {
  return halts.filter(({ kept }) => !kept).length + Number(over > 0);
}

/** Each to each other place. */
function* moved(all: Ahead[]): Generator<Ahead[]> {
  for (const [at, one] of all.entries()) {
    const rest = all.filter((other) => other !== one);
    for (const to of all.keys()) {
      if (to !== at) yield [...rest.slice(0, to), one, ...rest.slice(to)];
    }
  }
}

function isPinned({ row }: Ahead): boolean {
  return row.querySelector("[data-if=pinned]:not([hidden])") !== null;
}
