import type {ChoiceData} from "../../src/data/choiceData.js";
import {datasets} from "../../src/data/datasets.js";
import {fromWide} from "../../src/data/fromWide.js";

/**
 * Swissmetro as in Biogeme's examples: trips to work and on business with a known choice; times and costs in hundreds; train
 * and Swissmetro free of charge for those with a yearly ticket.
 *
 * @param person the column that says who chose; none takes each choice for somebody's only one
 */
export async function swissmetro(person?: string): Promise<ChoiceData> {
  const free = (column: string) => (row: Readonly<Record<string, unknown>>) => (row.GA === 1 ? 0 : (row[column] as number) / 100);
  return fromWide(await datasets.swissmetro.columns(), {
    choice: "CHOICE", alternatives: {train: 1, sm: 2, car: 3}, person,
    where: ({PURPOSE, CHOICE}) => (PURPOSE === 1 || PURPOSE === 3) && CHOICE !== 0,
    available: {train: "TRAIN_AV", sm: "SM_AV", car: "CAR_AV"}, // all rows are stated preferences: SP is 1
    attributes: {
      time: {train: ({TRAIN_TT}) => (TRAIN_TT as number) / 100, sm: ({SM_TT}) => (SM_TT as number) / 100, car: ({CAR_TT}) => (CAR_TT as number) / 100},
      cost: {train: free("TRAIN_CO"), sm: free("SM_CO"), car: ({CAR_CO}) => (CAR_CO as number) / 100}
    }
  });
}
