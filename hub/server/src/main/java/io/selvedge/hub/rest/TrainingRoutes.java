package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.hub.store.Dataset;
import io.selvedge.hub.store.Gateways;
import io.selvedge.hub.store.TrainingRun;
import io.selvedge.hub.store.Trainings;
import io.selvedge.hub.training.Trainer;
import io.selvedge.hub.training.TrainingRequest;
import java.util.ArrayList;
import java.util.List;

/** Training runs. */
public final class TrainingRoutes {

  private final Gateways gateways;
  private final Dataset dataset;
  private final Trainings trainings;
  private final Trainer trainer;

  public TrainingRoutes(Gateways gateways, Dataset dataset, Trainings trainings, Trainer trainer) {
    this.gateways = gateways;
    this.dataset = dataset;
    this.trainings = trainings;
    this.trainer = trainer;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/train", this::train),
        Route.post("/api/v1/trainings", this::train),
        Route.get("/api/v1/trainings", this::list),
        Route.get("/api/v1/trainings/{id}", this::one));
  }

  private void train(Context request) {
    TrainingRequest training = TrainingRequest.parse(Answers.body(request));
    GatewayRoutes.find(gateways, training.gateway());
    List<ChannelAddress> channels = new ArrayList<>(training.inputs().values());
    channels.add(training.label());
    for (ChannelAddress channel : channels) {
      if (dataset.series(training.gateway(), channel).isEmpty()) {
        throw new RestException(
            400,
            "training.unknown_channel",
            "channel ["
                + channel
                + "] was never sent by gateway ["
                + training.gateway()
                + "]; GET /api/v1/measurements?gateway="
                + training.gateway()
                + " shows what was");
      }
    }
    long id = trainer.submit(training, request.body());
    Answers.json(
        request.status(202),
        Answers.object().put("id", id).put("state", TrainingRun.State.QUEUED.name()));
  }

  private void list(Context request) {
    int limit = Params.limit(request);
    ArrayNode list = Answers.array();
    List<TrainingRun> page =
        trainings.list(
            Params.text(request, "model"), Params.whole(request, "before", Long.MAX_VALUE), limit);
    page.forEach(run -> list.add(json(run)));
    ObjectNode answer = Answers.object();
    answer.set("trainings", list);
    if (page.size() == limit) {
      answer.put("next", page.get(limit - 1).id());
    }
    Answers.json(request, answer);
  }

  private void one(Context request) {
    String id = request.pathParam("id");
    TrainingRun run =
        (id.matches("\\d{1,18}")
                ? trainings.find(Long.parseLong(id))
                : java.util.Optional.<TrainingRun>empty())
            .orElseThrow(
                () ->
                    new RestException(
                        404, "training.unknown", "training [" + id + "] is not known here"));
    ObjectNode json = json(run);
    json.set("request", Answers.stored(run.request()));
    Answers.json(request, json);
  }

  private static ObjectNode json(TrainingRun run) {
    ObjectNode json =
        Answers.object()
            .put("id", run.id())
            .put("state", run.state().name())
            .put("progress", run.progress())
            .put("text", run.progressText())
            .put("created", run.created().toString());
    run.started().ifPresent(time -> json.put("started", time.toString()));
    run.ended().ifPresent(time -> json.put("ended", time.toString()));
    if (!run.code().isEmpty()) {
      json.put("code", run.code()).put("message", run.message());
    }
    ObjectNode model = json.putObject("model").put("name", run.model());
    run.version().ifPresent(version -> model.put("version", version));
    run.dataset().ifPresent(text -> json.set("dataset", Answers.stored(text)));
    run.report().ifPresent(text -> json.set("metrics", Answers.stored(text)));
    return json;
  }
}
