package io.selvedge.training;

/**
 * What a model is trained on: labelled rows of features, ordered by time.
 *
 * @param times milliseconds since 1970, UTC, one a row
 * @param features one array a row
 * @param labels index of the class, one a row
 * @param classes number of classes
 * @param read time stamps read
 * @param withoutLabel of these left out because they have no label
 * @param withoutFeature of these left out because a feature has no value
 */
record Samples(
    long[] times,
    float[][] features,
    int[] labels,
    int classes,
    int read,
    int withoutLabel,
    int withoutFeature) {

  int size() {
    return labels.length;
  }

  /** Number of rows of each class. */
  int[] perClass() {
    return count(labels, classes);
  }

  static int[] count(int[] labels, int classes) {
    int[] count = new int[classes];
    for (int label : labels) {
      count[label]++;
    }
    return count;
  }
}
