// A day's course as it stands in the page: [data-course] is the list, each [data-stop] in it one of its stops.
// Places in degrees, times in minutes of the day; an opening of "?" is not known, "" is closed.

import type { Point } from "./metres";
import { type Roads, roadsOf } from "./roads";
import type { Day, Halt, Stop, Window } from "./stops";

export interface Laid {
  day: Day;
  stops: Stop[];
  roads: Roads;
}

/** With the stops in the order in which they stand there. */
export function laidOut(list: HTMLElement): Laid {
  const rows = [...list.querySelectorAll<HTMLElement>("[data-stop]")];
  return { day: dayOf(list), stops: rows.map(stopOf), roads: roadsOf(list) };
}

function dayOf({ dataset }: HTMLElement): Day {
  const [from, to, minutes] = numbers(dataset.lunch);
  const lunch = from === undefined ? null : { from, to: to ?? from, minutes: minutes ?? 0 };
  return {
    start: pointOf(dataset.start),
    depart: Number(dataset.departs) * 60,
    end: pointOf(dataset.end),
    until: Number(dataset.closes) * 60,
    lunch,
  };
}

export function stopOf({ dataset }: HTMLElement): Stop {
  const [until, worth] = numbers(dataset.early);
  return {
    id: dataset.stop ?? "",
    place: pointOf(dataset.place),
    takes: Number(dataset.takes),
    open: windowsOf(dataset.open ?? "?"),
    fixed: dataset.fixed === undefined ? null : Number(dataset.fixed),
    early: until === undefined ? null : { until, worth: worth ?? 0 },
  };
}

/** Whole minutes after what was agreed; 0 where nothing was. The plan may know already that it cannot be kept. */
export function lateBy({ dataset: { agreed } }: HTMLElement, { start }: Halt): number {
  return agreed === undefined ? 0 : Math.max(0, Math.floor(start / 60) - Number(agreed));
}

function windowsOf(told: string): Window[] | null {
  if (told === "?") return null;
  const windows = told.split(" ").filter(Boolean);
  return windows.map((window): Window => {
    const [from, to] = numbers(window);
    return [from ?? 0, to ?? 0];
  });
}

function pointOf(told: string | undefined): Point | null {
  const [lat, lon] = (told ?? "").split(",").map(Number);
  return lat === undefined || lon === undefined ? null : [lat, lon];
}

/** "690-780-45" is three of them. */
function numbers(told: string | undefined): number[] {
  return told ? told.split("-").map(Number) : [];
}
