package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Devices, what they measure, and commands to them. */
public final class DeviceRoutes {

  /** Longer than the default deadline of a driver's call. */
  private static final long COMMAND_SECONDS = 10;

  private final Services services;
  private final History history;

  public DeviceRoutes(Services services, History history) {
    this.services = services;
    this.history = history;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", "/api/devices", (call, parts) -> list()),
        Route.signedIn("GET", "/api/devices/{id}", (call, parts) -> Answer.json(one(parts))),
        Route.signedIn("GET", "/api/devices/{id}/history", this::past),
        Route.signedIn("POST", "/api/devices/{id}/channels/{channel}", this::command));
  }

  private Devices devices() throws Refusal {
    return Absent.orRefuse(services.devices(), "devices", "core");
  }

  private Answer list() throws Refusal {
    Devices devices = devices();
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("devices");
    for (DeviceStatus status : devices.list()) {
      list.add(view(status, devices.latest(status.id())));
    }
    return Answer.json(body);
  }

  private ObjectNode one(Map<String, String> parts) throws Refusal {
    Devices devices = devices();
    DeviceStatus status = find(devices, parts);
    return view(status, devices.latest(status.id()));
  }

  private Answer past(Call call, Map<String, String> parts) throws Refusal {
    int most = call.number("most", 2, History.POINTS, History.POINTS);
    DeviceStatus status = find(devices(), parts);
    ObjectNode body = Json.object().put("device", status.id());
    ObjectNode channels = body.putObject("channels");
    for (Channel channel : status.channels()) {
      ArrayNode points = channels.putArray(channel.id());
      ChannelAddress address = new ChannelAddress(status.id(), channel.id());
      for (History.Point point : history.of(address, most)) {
        points.addArray().add(point.time().toEpochMilli()).add(point.value());
      }
    }
    return Answer.json(body);
  }

  private Answer command(Call call, Map<String, String> parts)
      throws Refusal, IOException, InterruptedException {
    Devices devices = devices();
    DeviceStatus device = find(devices, parts);
    Channel channel = channel(device, parts.getOrDefault("channel", ""));
    if (!channel.isWritable()) {
      throw new Refusal(
          409,
          "channel.read_only",
          "channel ["
              + device.id()
              + "/"
              + channel.id()
              + "] can only be read; /api/devices/"
              + device.id()
              + " says which can be written");
    }
    JsonNode given = Json.readObject(call).path("value");
    if (given.isMissingNode()) {
      throw Refusal.badRequest(
          "value.absent", "the body has no [value]; send for example {\"value\": true}");
    }
    Value value = Values.read(given, channel);
    ChannelAddress target = new ChannelAddress(device.id(), channel.id());
    send(devices, new Command(target, value, "console"));
    services.report(
        Event.Severity.INFO,
        "console.command",
        "["
            + target
            + "] was set to ["
            + Json.brief(value.display())
            + "] by hand from ["
            + call.remote()
            + "]");
    ObjectNode body = Json.object().put("device", device.id()).put("channel", channel.id());
    Values.put(body, value);
    return Answer.json(body);
  }

  private static void send(Devices devices, Command command) throws Refusal, InterruptedException {
    try {
      devices.send(command).toCompletableFuture().get(COMMAND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Refusal(502, "device.refused", String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new Refusal(
          504,
          "device.no_answer",
          "device ["
              + command.target().device()
              + "] did not take the command within ["
              + COMMAND_SECONDS
              + "] seconds; it may still do so. Look at its state before you send it again",
          e);
    }
  }

  private static DeviceStatus find(Devices devices, Map<String, String> parts) throws Refusal {
    String id = parts.getOrDefault("id", "");
    return devices
        .find(id)
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "device.unknown",
                    "there is no device [" + Json.brief(id) + "]; /api/devices lists them"));
  }

  private static Channel channel(DeviceStatus device, String id) throws Refusal {
    return device.channels().stream()
        .filter(channel -> channel.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "channel.unknown",
                    "device ["
                        + device.id()
                        + "] has no channel ["
                        + Json.brief(id)
                        + "]; it has "
                        + device.channels().stream().map(Channel::id).toList()));
  }

  private static ObjectNode view(DeviceStatus status, List<Measurement> latest) {
    Map<String, Measurement> byChannel = new TreeMap<>();
    latest.forEach(measurement -> byChannel.put(measurement.channel().id(), measurement));
    ObjectNode node =
        Json.object()
            .put("id", status.id())
            .put("driver", status.driver())
            .put("bus", status.bus())
            .put("interval", status.interval().toString())
            .put("state", status.state().name())
            .put("since", status.since().toString())
            .put("reason", status.reason())
            .put("reads", status.reads())
            .put("failures", status.failures());
    ArrayNode channels = node.putArray("channels");
    for (Channel channel : status.channels()) {
      ObjectNode one =
          channels
              .addObject()
              .put("id", channel.id())
              .put("unit", channel.unit())
              .put("kind", channel.kind().name())
              .put("access", channel.access().name());
      Measurement measurement = byChannel.get(channel.id());
      if (measurement != null) {
        Values.put(one, measurement.value());
        one.put("time", measurement.time().toString());
      }
    }
    return node;
  }
}
