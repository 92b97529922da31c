import type {ChoiceFacts, Note} from "../data/choiceData.js";
import {checkOptions, ChoiceError, listed, quote, suggest} from "../errors.js";
import {distributionOf, gaussian} from "./distribution.js";
import type {Distribution, Specification, Term} from "./specification.js";
import {tiers, type TierName} from "./tiers.js";

/** One column of the design: a coefficient of utility, fixed or random. */
export interface Column {
  /** "price", "price[car]", "intercept[car]". */
  readonly name: string;
  /** Index of the attribute, -1 for an intercept. */
  readonly attribute: number;
  /** Indices of the alternatives that carry it; empty when all do. */
  readonly alternatives: readonly number[];
  /** How the coefficient is distributed over people; absent when it is the same for all. */
  readonly distribution?: Distribution;
  /** Whether it varies from situation to situation of a person, too. */
  readonly within: boolean;
}

/** Utility laid out so that it is linear in coefficients: v = z · b. */
export interface Design {
  readonly tier: TierName;
  readonly columns: readonly Column[];
  /** (rows, C), row-major. */
  readonly z: Float64Array;
  /** Index of the alternative without an intercept, -1 when there are no intercepts by alternative. */
  readonly base: number;
  readonly covariance: "diagonal" | "full";
  /** Whether a person's situations share their draws. */
  readonly panel: boolean;
  readonly notes: readonly Note[];
}

export const specificationOptions = ["tier", "attributes", "intercepts", "base", "random", "covariance", "within", "hold", "panel"] as const;

/**
 * Expands a tier into the columns of z, so that every tier is linear in its coefficients (eq:utility). This is the only
 * module that reads a tier.
 *
 * @throws {ChoiceError} model/unknown-… for a tier, attribute, alternative or column nobody knows, with the nearest;
 *   identify/… for an intercept that cancels or variation that cannot be told from noise
 */
export function design(data: ChoiceFacts, specification: Specification = {}, at = "fit(data)"): Design {
  checkOptions(at, specification, specificationOptions);
  checkLists(specification, at);
  const tier = specification.tier ?? (specification.random ? "mixed" : "mnl");
  if (!Object.hasOwn(tiers, tier)) {
    throw new ChoiceError("model/unknown-tier", {
      at, saw: `no tier called ${quote(tier)}`,
      want: "a rung of the ladder",
      hint: suggest(String(tier), Object.keys(tiers))
    });
  }
  const covariance = specification.covariance ?? "diagonal";
  if (covariance !== "diagonal" && covariance !== "full") {
    throw new ChoiceError("model/unknown-covariance", {
      at, saw: `covariance: ${quote(covariance)}`,
      want: '"diagonal" or "full"',
      hint: suggest(String(covariance), ["diagonal", "full"])
    });
  }
  const {alpha, beta} = tiers[tier];
  const notes: Note[] = [];
  const base = baseOf(data, specification, at);
  const bare = [
    ...intercepts(data, alpha.includes("j"), specification, base, at),
    ...slopes(data, beta.includes("j"), specification, base, notes, at)
  ];
  if (!bare.length) {
    throw new ChoiceError("model/empty", {
      at, saw: "neither intercepts nor attributes",
      want: "at least one column",
      hint: `name attributes: ${listed(data.attributes.map(quote), 8) || "the data have none"}`
    });
  }
  const columns = varying(bare, tier, alpha.includes("i"), beta.includes("i"), beta.includes("t"), specification, at);
  const panel = specification.panel ?? data.panel;
  if (panel && !data.panel) {
    throw new ChoiceError("model/no-people", {
      at, saw: "panel: true, but the data name no people",
      want: "a column of people",
      hint: 'name it when reading the data: {person: "id"}'
    });
  }
  if (columns.some((column) => column.within)) checkWithin(data, columns, panel, at);
  return {tier, columns, z: fill(data, columns), base: columns.some((c) => c.attribute < 0 && c.alternatives.length === 1) ? base : -1, covariance, panel, notes};
}

/** A word where a list belongs is the likeliest slip, and would be read letter by letter. */
function checkLists({attributes, within, random, hold}: Specification, at: string): void {
  const refuse = (option: string, value: unknown, want: string) => new ChoiceError("model/not-a-list", {at, saw: `${option}: ${quote(value)}`, want, hint: typeof value === "string" ? `${option}: [${JSON.stringify(value)}]` : undefined});
  if (attributes !== undefined && !Array.isArray(attributes)) throw refuse("attributes", attributes, "a list of attributes");
  if (within !== undefined && !Array.isArray(within)) throw refuse("within", within, "a list of columns");
  if (random !== undefined && (typeof random !== "object" || random === null)) throw refuse("random", random, "a list of columns, or a record from column to distribution");
  if (hold !== undefined && (typeof hold !== "object" || hold === null || Array.isArray(hold))) throw refuse("hold", hold, "a record from parameter to value");
}

/** Alternatives that are ever on offer, one each: the rest have no rows, and no coefficient. */
function offered({alternative, alternatives}: ChoiceFacts): Uint8Array {
  const known = new Uint8Array(alternatives.length);
  for (let row = 0; row < alternative.length; ++row) known[alternative[row]] = 1;
  return known;
}

function baseOf(data: ChoiceFacts, {base}: Specification, at: string): number {
  if (base === undefined) return data.outside ?? Math.max(0, offered(data).indexOf(1));
  const j = data.alternatives.indexOf(base);
  if (j < 0) {
    throw new ChoiceError("model/unknown-alternative", {
      at, saw: `base: ${quote(base)}`,
      want: "an alternative of the data",
      hint: suggest(base, data.alternatives)
    });
  }
  if (data.outside !== undefined && j !== data.outside) {
    throw new ChoiceError("model/base-outside", {
      at, saw: `base: ${quote(base)} beside the outside option ${quote(data.alternatives[data.outside])}`,
      want: "the outside option as base: its utility is zero already",
      hint: "leave `base` out"
    });
  }
  return j;
}

function intercepts(data: ChoiceFacts, byAlternative: boolean, specification: Specification, base: number, at: string): Column[] {
  const wanted = specification.intercepts ?? (byAlternative || data.outside !== undefined);
  if (!wanted) return [];
  if (!byAlternative) {
    // An intercept shared by all alternatives is learned only against one that does not have it.
    if (data.outside === undefined) {
      throw new ChoiceError("identify/common-intercept", {
        at, saw: "one intercept shared by all alternatives", want: "something to compare it with: it cancels from every difference in utility",
        hint: "use fitMnlIntercepts (one intercept per alternative, one of them base), or name an outside option when reading the data: {outside: \"none\"}"
      });
    }
    const inside = data.alternatives.keys();
    return [{name: "intercept", attribute: -1, alternatives: [...inside].filter((j) => j !== data.outside), within: false}];
  }
  const known = offered(data);
  return data.alternatives.flatMap((name, j) => (j === base || !known[j] ? [] : [{name: `intercept[${name}]`, attribute: -1, alternatives: [j], within: false}]));
}

function slopes(data: ChoiceFacts, byAlternative: boolean, specification: Specification, base: number, notes: Note[], at: string): Column[] {
  const named = new Set<string>();
  return (specification.attributes ?? data.attributes).flatMap((item): Column[] => {
    const term: Term = typeof item === "string" ? {attribute: item} : item;
    checkOptions(`${at}, attributes`, term, ["attribute", "byAlternative", "alternatives"]);
    const k = data.attributes.indexOf(term.attribute);
    if (k < 0) {
      throw new ChoiceError("model/unknown-attribute", {
        at, saw: `no attribute called ${quote(term.attribute)}`,
        want: "an attribute of the data",
        hint: suggest(String(term.attribute), data.attributes),
        column: String(term.attribute)
      });
    }
    const only = term.alternatives?.map((name) => {
      const j = data.alternatives.indexOf(name);
      if (j < 0) {
        throw new ChoiceError("model/unknown-alternative", {
          at, saw: `${quote(term.attribute)} for alternative ${quote(name)}`,
          want: "an alternative of the data",
          hint: suggest(name, data.alternatives)
        });
      }
      return j;
    });
    const made = (term.byAlternative ?? (byAlternative && !only)) ? perAlternative(data, k, only, base, notes) : [{
      name: only ? `${term.attribute}[${only.map((j) => data.alternatives[j]).join("+")}]` : term.attribute,
      attribute: k, alternatives: only ?? [], within: false
    }];
    for (const {name} of made) {
      if (named.has(name)) {
        throw new ChoiceError("model/twice", {
          at, saw: `${quote(name)} twice`,
          want: "each coefficient once",
          hint: "name it once in `attributes`"
        });
      }
      named.add(name);
    }
    return made;
  });
}

/** One column per alternative, without those that could not be told apart: the base of a case-specific attribute, and all-zero ones. */
function perAlternative(data: ChoiceFacts, k: number, only: readonly number[] | undefined, base: number, notes: Note[]): Column[] {
  const {alternatives, attributes} = data;
  const caseSpecific = !variesWithin(data, k);
  const left: string[] = [];
  const columns = (only ?? [...alternatives.keys()]).flatMap((j): Column[] => {
    if (j === data.outside) return [];
    if (caseSpecific && j === base) return [];
    if (alwaysZero(data, k, j)) {
      left.push(alternatives[j]);
      return [];
    }
    return [{name: `${attributes[k]}[${alternatives[j]}]`, attribute: k, alternatives: [j], within: false}];
  });
  if (caseSpecific && (!only || only.includes(base))) {
    notes.push({level: "info", code: "identify/case-specific", text: `${attributes[k]} is the same for all alternatives of a situation: its coefficients are relative to ${alternatives[base]}.`});
  }
  if (left.length) notes.push({level: "info", code: "identify/all-zero", text: `${attributes[k]} is always zero for ${listed(left)}: no coefficient there.`});
  return columns;
}

/** Whether attribute k ever differs between the alternatives of a situation, the outside option aside. */
export function variesWithin(data: ChoiceFacts, k: number): boolean {
  const {x, situation, alternative, outside} = data;
  const K = data.attributes.length;
  for (let n = 0; n + 1 < situation.length; ++n) {
    let first = NaN;
    for (let row = situation[n]; row < situation[n + 1]; ++row) {
      if (alternative[row] === outside) continue;
      const value = x[row * K + k];
      if (Number.isNaN(first)) first = value;
      else if (value !== first) return true;
    }
  }
  return false;
}

function alwaysZero(data: ChoiceFacts, k: number, j: number): boolean {
  const K = data.attributes.length;
  return data.alternative.every((alternative, row) => alternative !== j || data.x[row * K + k] === 0);
}

/** Which columns are random and how, from the tier or from the user's own list. */
function varying(columns: readonly Column[], tier: TierName, alphaOverPeople: boolean, betaOverPeople: boolean, betaOverTime: boolean, specification: Specification, at: string): Column[] {
  const {random, within} = specification;
  if (!alphaOverPeople && !betaOverPeople && random !== undefined && Object.keys(random).length) {
    throw new ChoiceError("model/random-tier", {
      at, saw: `random columns in the tier ${quote(tier)}`,
      want: "a tier whose coefficients vary over people",
      hint: "use fitMixed, or leave `random` out"
    });
  }
  const known = [...new Set([...columns.map((c) => c.name), ...columns.map(family), ...(columns.some((c) => c.attribute < 0) ? ["intercepts"] : [])])];
  const check = (name: string, option: string) => {
    if (!known.includes(name)) {
      throw new ChoiceError("model/unknown-column", {
        at, saw: `${option}: ${quote(name)}`,
        want: "an attribute, a coefficient, or \"intercepts\"",
        hint: suggest(name, known)
      });
    }
  };
  const asked = random === undefined ? undefined : new Map((Array.isArray(random) ? (random as readonly string[]).map((name) => [name, "normal"] as const) : Object.entries(random as object)).map(([name, value]) => {
    check(name, "random");
    return [name, distributionOf(value, name, at)] as const;
  }));
  within?.forEach((name) => check(name, "within"));
  if ((asked?.has("intercepts") || within?.includes("intercepts")) && columns.some((c) => c.name === "intercepts") && columns.some((c) => c.attribute < 0)) {
    throw new ChoiceError("model/ambiguous-name", {at, saw: 'random or within: "intercepts", which is an attribute too', want: "one meaning", hint: 'rename the attribute when reading the data: attributes: {other: "intercepts"}'});
  }
  const lookup = (column: Column): Distribution | undefined => asked?.get(column.name) ?? asked?.get(family(column)) ?? (column.attribute < 0 ? asked?.get("intercepts") : undefined);
  return columns.map((column) => {
    const overPeople = column.attribute < 0 ? alphaOverPeople : betaOverPeople;
    const distribution = asked ? lookup(column) : overPeople ? ({family: "normal"} as const) : undefined;
    const overTime = within
      ? within.includes(column.name) || within.includes(family(column)) || (column.attribute < 0 && within.includes("intercepts"))
      : betaOverTime && column.attribute >= 0 && distribution !== undefined;
    return {...column, ...(distribution && {distribution}), within: overTime};
  });
}

/** "time" of "time[car]": the name by which a user means all its coefficients. */
const family = ({name}: Column): string => name.replace(/\[[^\]]*\]$/, "");

function checkWithin(data: ChoiceFacts, columns: readonly Column[], panel: boolean, at: string): void {
  const trouble = columns.find((c) => c.within && c.attribute < 0);
  if (trouble) {
    throw new ChoiceError("identify/within-intercept", {
      at, saw: `${trouble.name} varying within people`,
      want: "variation that can be told from the noise of utility: an intercept fresh in every situation cannot",
      hint: "let attributes vary within people, and intercepts only between them"
    });
  }
  const odd = columns.find((c) => c.within && !gaussian(c.distribution));
  if (odd) {
    throw new ChoiceError("model/within-distribution", {
      at, saw: `${odd.name} (${odd.distribution?.family ?? "fixed"}) varying within people`,
      want: "a random normal, lognormal or censored coefficient: there a second normal can be added",
      hint: `random: {${JSON.stringify(odd.name)}: "normal"}`
    });
  }
  let repeated = 0;
  for (let i = 0; i + 1 < data.person.length; ++i) if (data.person[i + 1] - data.person[i] > 1) ++repeated;
  if (!panel || repeated === 0) {
    throw new ChoiceError("identify/within-cross-section", {
      at, saw: "one situation per person",
      want: "people with several situations: only there can variation within people be told from variation between them",
      hint: "use fitMixedSlopes, or name the people when reading the data"
    });
  }
}

/** What each row has in each column, (rows, C): the attributes themselves where they are the columns. */
function fill(data: ChoiceFacts, columns: readonly Column[]): Float64Array {
  const {x, alternative, alternatives, outside} = data;
  const [C, K] = [columns.length, data.attributes.length];
  if (outside === undefined && C === K && columns.every(({attribute, alternatives}, c) => attribute === c && !alternatives.length)) return x;
  // Where each alternative has the number of each column: an attribute, -1 for a one, -2 for a zero.
  const from = new Int32Array(alternatives.length * C);
  for (let j = 0, at = 0; j < alternatives.length; ++j) for (const {attribute, alternatives: carriers} of columns) {
    from[at++] = j === outside || (carriers.length && !carriers.includes(j)) ? -2 : attribute;
  }
  const z = new Float64Array(alternative.length * C);
  for (let row = 0, to = 0; row < alternative.length; ++row) {
    const base = alternative[row] * C;
    for (let c = 0; c < C; ++c, ++to) {
      const k = from[base + c];
      if (k !== -2) z[to] = k < 0 ? 1 : x[row * K + k];
    }
  }
  return z;
}
