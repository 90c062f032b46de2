package io.selvedge.driver.simulated;

/**
 * The air of one room, as two first-order systems (lumped capacitance, "RC model": Incropera and
 * others, Fundamentals of Heat and Mass Transfer, ch. 5):
 *
 * <pre>
 *   C dT/dt = H (Tout - T) + 100 W × persons + P × heater        H = UA + ρ c V n / 3600
 *   V dw/dt = V n / 3600 (wout - w) + 50 g/h × persons           n = infiltration + fan × fan on
 * </pre>
 *
 * T is the temperature in Cel, w the water in the air in g/m³, n the air changes an hour, C the
 * heat capacity of air, furniture and the walls' surface. Heat and moisture of a person are round
 * figures for light office work (ASHRAE Handbook Fundamentals, ch. 18). Within a step inputs are
 * constant and each equation is solved exactly, so that steps may be long. There is no sun.
 */
final class Room {

  /** What a person at light work gives to the air, W. */
  static final double PERSON_WATTS = 100;

  /** What a person at light work gives to the air, g/h of water. */
  static final double PERSON_GRAMS = 50;

  /** Heat capacity of a cubic metre of air at 20 Cel, J/(m³ K): 1.2 kg/m³ × 1005 J/(kg K). */
  private static final double AIR_JOULES = 1.2 * 1005;

  private static final double HOUR = 3600;

  /**
   * What the room is like.
   *
   * @param volume m³
   * @param capacity J/K
   * @param walls UA, W/K
   * @param infiltration air changes an hour with the fan off
   * @param fan further air changes an hour while it runs
   * @param heater W while it is on
   */
  record Shape(
      double volume,
      double capacity,
      double walls,
      double infiltration,
      double fan,
      double heater) {

    /** An office of 20 m² for two. */
    static Shape office(double heaterWatts, double fanAirChanges) {
      return new Shape(50, 600_000, 30, 0.3, fanAirChanges, heaterWatts);
    }
  }

  /**
   * What acts on the room during a step.
   *
   * @param outside temperature outside, Cel
   * @param outsideWater water in the air outside, g/m³
   * @param persons people in it
   */
  record Influence(double outside, double outsideWater, int persons, boolean heater, boolean fan) {}

  private final Shape shape;
  private double temperature;
  private double water;

  Room(Shape shape, double temperature, double water) {
    this.shape = shape;
    this.temperature = temperature;
    this.water = water;
  }

  double temperature() {
    return temperature;
  }

  /** Water in the air, g/m³. */
  double water() {
    return water;
  }

  /** Relative humidity, %. */
  double humidity() {
    return 100 * water / saturation(temperature);
  }

  /** Lets time pass. */
  void advance(double seconds, Influence by) {
    double conductance = conductance(by);
    double warm = steadyTemperature(by);
    temperature = warm + (temperature - warm) * Math.exp(-seconds * conductance / shape.capacity);
    double damp = steadyWater(by);
    water = damp + (water - damp) * Math.exp(-seconds * airChanges(by) / HOUR);
    water = Math.min(water, saturation(temperature)); // the rest condenses
  }

  /** Where the temperature ends if nothing changes, Cel. */
  double steadyTemperature(Influence by) {
    double watts = PERSON_WATTS * by.persons + (by.heater ? shape.heater : 0);
    return by.outside + watts / conductance(by);
  }

  /** Where the water in the air ends if nothing changes, g/m³. */
  double steadyWater(Influence by) {
    return by.outsideWater + PERSON_GRAMS * by.persons / (shape.volume * airChanges(by));
  }

  /** Time in which a difference in temperature falls to 1/e, seconds. */
  double timeConstant(Influence by) {
    return shape.capacity / conductance(by);
  }

  /**
   * Water in saturated air, g/m³, from the Magnus formula over water with Sonntag's coefficients
   * (WMO No. 8, Guide to Instruments, annex 4.B); -45 to 60 Cel.
   */
  static double saturation(double celsius) {
    double hectopascal = 6.112 * Math.exp(17.62 * celsius / (243.12 + celsius));
    return 216.7 * hectopascal / (celsius + 273.15);
  }

  private double airChanges(Influence by) {
    return shape.infiltration + (by.fan ? shape.fan : 0);
  }

  private double conductance(Influence by) {
    return shape.walls + AIR_JOULES * shape.volume * airChanges(by) / HOUR;
  }
}
