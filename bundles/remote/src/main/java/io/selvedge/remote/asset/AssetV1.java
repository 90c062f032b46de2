package io.selvedge.remote.asset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.protocol.json.Json;
import io.selvedge.remote.Answers;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The application {@code ASSET-V1}: what Kura calls an asset is a device here. Values are the last
 * measurements; a write is a command to the device.
 */
@Component(property = "app.id=" + AssetV1.APP)
public final class AssetV1 implements RequestHandler {

  static final String APP = "ASSET-V1";

  private static final long WRITE_SECONDS = 5;

  private final Devices devices;
  private final Clock clock;

  @Activate
  public AssetV1(@Reference(name = "devices") Devices devices) {
    this(devices, Clock.systemUTC());
  }

  AssetV1(Devices devices, Clock clock) {
    this.devices = devices;
    this.clock = clock;
  }

  @Override
  public Reply handle(Request request) {
    return switch (request.method() + " " + request.resource()) {
      case "GET assets" -> answer(request, this::describe);
      case "EXEC read" -> answer(request, this::read);
      case "EXEC write" -> answer(request, this::write);
      default -> Answers.unknown(APP, request, "GET assets, EXEC read, EXEC write");
    };
  }

  /** Fills in what is answered for one device. */
  private interface Part {
    void answer(DeviceStatus device, Optional<ArrayNode> channels, ArrayNode into);
  }

  private Reply answer(Request request, Part part) {
    ArrayNode answer = Json.mapper().createArrayNode();
    for (Map.Entry<String, Optional<ArrayNode>> one : wanted(request.body()).entrySet()) {
      ObjectNode asset = answer.addObject().put("name", one.getKey());
      Optional<DeviceStatus> device = devices.find(one.getKey());
      if (device.isEmpty()) {
        asset.put("error", "device [" + one.getKey() + "] is not here");
      } else {
        part.answer(device.get(), one.getValue(), asset.putArray("channels"));
      }
    }
    return Answers.text(Json.text(answer));
  }

  /** Devices and their channels; all where none are named. */
  private Map<String, Optional<ArrayNode>> wanted(byte[] body) {
    Map<String, Optional<ArrayNode>> wanted = new LinkedHashMap<>();
    JsonNode json = parse(body);
    for (JsonNode one : json) {
      wanted.put(name(one), Optional.ofNullable(one.get("channels")).map(AssetV1::array));
    }
    if (wanted.isEmpty()) {
      devices.list().forEach(device -> wanted.put(device.id(), Optional.empty()));
    }
    return wanted;
  }

  private static ArrayNode parse(byte[] body) {
    if (body.length == 0) {
      return Json.mapper().createArrayNode();
    }
    try {
      return array(Json.mapper().readTree(body));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("body is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("body is not JSON: " + e.getMessage(), e);
    }
  }

  private static ArrayNode array(JsonNode node) {
    if (node instanceof ArrayNode array) {
      return array;
    }
    throw new IllegalArgumentException(
        "body must be a list, for example [{\"name\": \"hall\", \"channels\": [{\"name\":"
            + " \"temperature\"}]}]");
  }

  private static String name(JsonNode node) {
    String name = node.path("name").asText("");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("each device and channel must have a [name]");
    }
    return name;
  }

  private void describe(DeviceStatus device, Optional<ArrayNode> channels, ArrayNode into) {
    for (Channel channel : device.channels()) {
      into.addObject()
          .put("name", channel.id())
          .put("type", type(channel.kind()))
          .put("mode", channel.access().name());
    }
  }

  private static String type(Channel.Kind kind) {
    return switch (kind) {
      case DECIMAL -> "DOUBLE";
      case WHOLE -> "LONG";
      case FLAG -> "BOOLEAN";
      case TEXT -> "STRING";
    };
  }

  private void read(DeviceStatus device, Optional<ArrayNode> channels, ArrayNode into) {
    Map<String, Measurement> latest = new LinkedHashMap<>();
    devices.latest(device.id()).forEach(one -> latest.put(one.channel().id(), one));
    List<String> names =
        channels
            .map(AssetV1::names)
            .orElseGet(
                () ->
                    device.channels().stream()
                        .filter(Channel::isReadable)
                        .map(Channel::id)
                        .toList());
    for (String name : names) {
      ObjectNode node = into.addObject().put("name", name);
      Measurement measurement = latest.get(name);
      if (measurement == null) {
        boolean there = device.channels().stream().anyMatch(one -> one.id().equals(name));
        node.put("error", there ? "no value yet" : "channel [" + name + "] is not here")
            .put("timestamp", clock.millis());
      } else {
        node.put("type", type(measurement.channel().kind()))
            .put(measurement.value().present() ? "value" : "error", measurement.value().display())
            .put("timestamp", measurement.time().toEpochMilli());
      }
    }
  }

  private static List<String> names(ArrayNode channels) {
    List<String> names = new ArrayList<>();
    channels.forEach(one -> names.add(name(one)));
    return names;
  }

  private void write(DeviceStatus device, Optional<ArrayNode> channels, ArrayNode into) {
    for (JsonNode one :
        channels.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "device [" + device.id() + "] has no [channels] to be written"))) {
      String name = name(one);
      ObjectNode node = into.addObject().put("name", name);
      String error = write(device, name, one);
      if (!error.isEmpty()) {
        node.put("error", error);
      }
      node.put("timestamp", clock.millis());
    }
  }

  /** Empty where it was done. */
  private String write(DeviceStatus device, String name, JsonNode one) {
    Optional<Channel> channel =
        device.channels().stream().filter(c -> c.id().equals(name)).findFirst();
    if (channel.isEmpty()) {
      return "channel [" + name + "] is not here";
    }
    if (!channel.get().isWritable()) {
      return "channel [" + name + "] cannot be written";
    }
    try {
      Value value = value(channel.get().kind(), one.path("value").asText(""));
      devices
          .send(new Command(new ChannelAddress(device.id(), name), value, "hub"))
          .toCompletableFuture()
          .get(WRITE_SECONDS, TimeUnit.SECONDS);
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return cause instanceof DeviceException
          ? String.valueOf(cause.getMessage())
          : cause.toString();
    } catch (TimeoutException e) {
      return "the device did not take it within [" + WRITE_SECONDS + " s]";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the gateway is stopping";
    }
  }

  private static Value value(Channel.Kind kind, String text) {
    try {
      return switch (kind) {
        case DECIMAL -> Value.of(Double.parseDouble(text.strip()));
        case WHOLE -> Value.of(Long.parseLong(text.strip()));
        case FLAG -> Value.of(flag(text.strip()));
        case TEXT -> Value.of(text);
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "value [" + text + "] must be a " + type(kind) + ", as the channel is", e);
    }
  }

  private static boolean flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("value [" + text + "] must be true or false");
    }
    return text.equals("true");
  }
}
