package io.selvedge.training;

import io.selvedge.protocol.feature.FeatureSpec;
import java.util.List;

/**
 * {@code report.json}: what was trained on what, and how well it does on rows it was not trained
 * on.
 *
 * @param model name
 * @param version version
 * @param network {@code logistic} or {@code mlp}
 * @param rows labelled rows with all features
 * @param rowsWithoutLabel time stamps left out because they have no label
 * @param rowsWithoutFeature time stamps left out because a feature has no value
 * @param rowsPerClass by class
 * @param blocks time blocks of the split
 * @param folds each judged once, by a network trained on the others
 * @param trainRows rows that such a network was trained on, on average
 * @param testRows rows judged, of all folds together; the figures below are of these
 * @param balancedAccuracy mean over the classes of the share that is right
 * @param accuracy share that is right
 * @param majorityBaseline accuracy of always saying the most frequent class
 * @param confusion {@code confusion[actual][predicted]}
 * @param epochs passes over all rows for the model that is handed out
 * @param losses mean loss of each epoch of the search, on the rows trained on
 * @param validationLosses the same on the fold that decided when to stop
 * @param finalLosses the same for the model that is handed out, on all rows
 * @param exportDifference largest difference between the exported model and DJL
 * @param features the model's columns
 * @param outputs names of the classes
 * @param sha256 of model.onnx
 * @param seconds the whole job
 */
record Report(
    String model,
    String version,
    String network,
    int rows,
    int rowsWithoutLabel,
    int rowsWithoutFeature,
    int[] rowsPerClass,
    int blocks,
    int folds,
    int trainRows,
    int testRows,
    double balancedAccuracy,
    double accuracy,
    double majorityBaseline,
    int[][] confusion,
    int epochs,
    List<Double> losses,
    List<Double> validationLosses,
    List<Double> finalLosses,
    double exportDifference,
    List<FeatureSpec> features,
    List<String> outputs,
    String sha256,
    double seconds) {}
