import { decideWeek } from "../book/week.ts";
import { isWrong } from "../errors.ts";
import { formatDay, type LocalDay, parseDay } from "../routing/dates.ts";
import type { WeekAnswer } from "./api/looking.ts";
import { Breather } from "./breather.ts";
import type { Desk } from "./desk.ts";
import { outlookFor } from "./outlook.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, required } from "./request.ts";
import { wayOf } from "./ways.ts";

/** Seven days of a line for a caller, a quarter of an hour at a time. */
export async function answerWeek(desk: Desk, request: ApiRequest): Promise<WeekAnswer> {
  const firstDay = dayIn(request);
  const outlook = await outlookFor(desk, request);
  const { timeZone, snapshot } = outlook;
  const breather = new Breather(request.signal);
  const week = await decideWeek(timeZone, firstDay, outlook, () => breather.rest());
  return {
    timeZone,
    ways: week.ways.map((decision) => wayOf(decision, snapshot.names)),
    days: week.days.map(({ day, steps }) => {
      const clockChange = outlook.clockChangeOn(day);
      return {
        day: formatDay(day),
        exceptions: outlook.exceptionsOn(day),
        ...(clockChange === undefined ? {} : { clockChange }),
        steps: steps.map(({ moments }) => moments),
      };
    }),
  };
}

function dayIn(request: ApiRequest): LocalDay {
  const day = parseDay(required(request, "day"));
  if (isWrong(day)) throw new Refused(400, `day: ${day.wrong}.`);
  return day;
}
