import type {TierName} from "./tiers.js";

/** The families a random coefficient may follow; `model/README.md` gives each as a function of a standard normal. */
export type Family = "normal" | "lognormal" | "uniform" | "triangular" | "truncated" | "censored" | "exponential";

/** A family with its side: `sign: -1` turns a lognormal, truncated, censored or exponential coefficient negative. */
export interface Distribution {
  readonly family: Family;
  readonly sign?: 1 | -1;
}

/** An attribute with more to say than its name. */
export interface Term {
  readonly attribute: string;
  /** `true`: one coefficient per alternative, whatever the tier says; `false`: one for all. */
  readonly byAlternative?: boolean;
  /** Only these alternatives carry the attribute. */
  readonly alternatives?: readonly string[];
}

/**
 * What the user asks for. Everything has a default; the tier says what varies by what, the rest says it finer.
 */
export interface Specification {
  /** Which rung of the ladder. Default `"mnl"`. */
  readonly tier?: TierName;
  /** Attributes that enter utility, default all of the data's. */
  readonly attributes?: readonly (string | Term)[];
  /** Whether alternatives get intercepts. Default: as the tier says. */
  readonly intercepts?: boolean;
  /** The alternative whose intercept is zero. Default: the outside option, else the first alternative. */
  readonly base?: string;
  /**
   * Which columns are random and how. Default: all that the tier lets vary over people, normal. A list names the random
   * ones; a record gives each its distribution; `"-lognormal"` is short for a negative lognormal. A name is an attribute,
   * a coefficient such as `"time[car]"`, or `"intercepts"` for all intercepts.
   */
  readonly random?: readonly string[] | Readonly<Record<string, Family | `-${Family}` | Distribution>>;
  /** Whether random coefficients of a person are correlated: Sigma = Gamma Gamma'. Default `"diagonal"`. */
  readonly covariance?: "diagonal" | "full";
  /** Which random columns vary within people too, from situation to situation. Default: as the tier says. */
  readonly within?: readonly string[];
  /** Parameters held at a value, by parameter name: `{pf: 0, "sd[cl]": 0.3}`. */
  readonly hold?: Readonly<Record<string, number>>;
  /** `false`: draws are independent over a person's situations. Default: true when the data name people. */
  readonly panel?: boolean;
}
