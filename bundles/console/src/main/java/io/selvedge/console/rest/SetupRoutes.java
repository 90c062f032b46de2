package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.event.Event;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import io.selvedge.console.setup.Discovery;
import io.selvedge.console.setup.Form;
import io.selvedge.console.setup.Form.Field;
import io.selvedge.console.setup.Setup;
import io.selvedge.console.setup.Setup.Configured;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Drivers with their forms, devices that are set up by them, and what hangs on the buses. */
public final class SetupRoutes {

  private static final String DEVICE = "/api/drivers/{pid}/devices/{name}";

  private final Services services;

  public SetupRoutes(Services services) {
    this.services = services;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", "/api/drivers", (call, parts) -> drivers()),
        Route.signedIn("GET", "/api/drivers/{pid}/devices", (call, parts) -> configured(parts)),
        Route.signedIn("PUT", DEVICE, this::save),
        Route.signedIn("DELETE", DEVICE, this::remove),
        Route.signedIn("GET", "/api/found", (call, parts) -> found()));
  }

  private Setup setup() throws Refusal {
    return Absent.orRefuse(services.setup(), "setup", "configuration and metatype");
  }

  private Answer drivers() throws Refusal {
    Setup setup = setup();
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("drivers");
    for (Form form : setup.forms()) {
      ObjectNode one =
          list.addObject()
              .put("pid", form.pid())
              .put("name", form.name())
              .put("description", form.description());
      ArrayNode fields = one.putArray("fields");
      form.fields().forEach(field -> view(field, fields.addObject()));
      ArrayNode devices = one.putArray("devices");
      setup.configured().stream()
          .filter(device -> device.pid().equals(form.pid()))
          .forEach(device -> devices.add(device.name()));
    }
    return Answer.json(body);
  }

  private static void view(Field field, ObjectNode node) {
    node.put("id", field.id())
        .put("name", field.name())
        .put("description", field.description())
        .put("type", field.type().name())
        .put("required", field.required())
        .put("default", field.otherwise())
        .put("unit", field.unit());
    field.least().ifPresent(least -> node.put("min", least));
    field.most().ifPresent(most -> node.put("max", most));
    ArrayNode choices = node.putArray("choices");
    field
        .choices()
        .forEach(c -> choices.addObject().put("value", c.value()).put("label", c.label()));
  }

  private Answer configured(Map<String, String> parts) throws Refusal {
    Form form = form(parts);
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("devices");
    for (Configured device : setup().configured()) {
      if (device.pid().equals(form.pid())) {
        ObjectNode values = list.addObject().put("name", device.name()).putObject("values");
        for (Field field : form.fields()) {
          Object value = device.values().get(field.id());
          if (value != null && field.type() != Form.Kind.SECRET) {
            values.put(field.id(), value.toString());
          }
        }
      }
    }
    return Answer.json(body);
  }

  private Answer save(Call call, Map<String, String> parts) throws Refusal, IOException {
    Setup setup = setup();
    Form form = form(parts);
    String name = name(parts);
    JsonNode given = Json.readObject(call).path("values");
    Map<String, Object> values = new TreeMap<>();
    given
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (form.field(key).isEmpty()) {
                values.put(key, ""); // said below
              }
            });
    if (!values.isEmpty()) {
      throw Refusal.badRequest(
          "setting.unknown",
          "driver ["
              + form.pid()
              + "] has no settings "
              + values.keySet()
              + "; /api/drivers lists those that it has");
    }
    Map<String, Object> before =
        setup.configured().stream()
            .filter(one -> one.pid().equals(form.pid()) && one.name().equals(name))
            .findFirst()
            .map(Configured::values)
            .orElse(Map.of());
    for (Field field : form.fields()) {
      String text = given.path(field.id()).asText("").strip();
      if (text.isEmpty() && field.type() == Form.Kind.SECRET && before.containsKey(field.id())) {
        values.put(field.id(), before.get(field.id())); // a secret is not shown, so not sent back
      } else if (!text.isEmpty()) {
        check(field, text);
        values.put(field.id(), text); // as text: a person reads the file, too
      } else if (field.required()) {
        throw Refusal.badRequest("setting.absent", field.name() + " [] must be given")
            .of(field.id());
      }
    }
    before.forEach(
        (key, value) -> {
          if (form.field(key).isEmpty()) {
            values.put(key, value); // written by hand, for example buses.target
          }
        });
    requireOwnId(setup, form, name, String.valueOf(values.get(Form.DEVICE_ID)));
    setup.save(form.pid(), name, values);
    report(call, "device.set_up", form.pid() + "-" + name, before.isEmpty() ? "set up" : "changed");
    return Answer.json(Json.object().put("pid", form.pid()).put("name", name));
  }

  private static void check(Field field, String text) throws Refusal {
    try {
      field.check(text);
      if (field.id().equals(Form.DEVICE_ID)) {
        ChannelAddress.requireDeviceId(text);
      }
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "setting.wrong", String.valueOf(e.getMessage()), e).of(field.id());
    }
  }

  private static void requireOwnId(Setup setup, Form form, String name, String id) throws Refusal {
    for (Configured other : setup.configured()) {
      boolean same = other.pid().equals(form.pid()) && other.name().equals(name);
      if (!same && id.equals(other.values().get(Form.DEVICE_ID))) {
        throw new Refusal(
                409,
                "device.id_taken",
                "device id ["
                    + id
                    + "] is that of ["
                    + other.pid()
                    + "-"
                    + other.name()
                    + "] already; choose another one")
            .of(Form.DEVICE_ID);
      }
    }
  }

  private Answer remove(Call call, Map<String, String> parts) throws Refusal, IOException {
    Setup setup = setup();
    Form form = form(parts);
    String name = name(parts);
    if (setup.configured().stream()
        .noneMatch(one -> one.pid().equals(form.pid()) && one.name().equals(name))) {
      throw Refusal.notFound(
          "device.unknown",
          "driver [" + form.pid() + "] has no device [" + name + "]; /api/drivers lists them");
    }
    setup.remove(form.pid(), name);
    report(call, "device.removed", form.pid() + "-" + name, "removed");
    return Answer.empty(204);
  }

  private void report(Call call, String code, String file, String what) {
    services.report(
        Event.Severity.INFO,
        code,
        "device [" + file + "] was " + what + " by hand from [" + call.remote() + "]");
  }

  private Answer found() throws Refusal {
    Setup setup = setup();
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("found");
    if (setup.buses().isPresent()) {
      for (Discovery.Found one : new Discovery(setup, setup.buses().get()).all()) {
        ObjectNode node =
            list.addObject()
                .put("bus", one.bus())
                .put("kind", one.kind().name())
                .put("what", one.what())
                .put("in_use", one.inUse());
        ArrayNode drivers = node.putArray("drivers");
        one.drivers()
            .forEach(
                (pid, settings) -> {
                  ObjectNode offer = drivers.addObject().put("pid", pid).putObject("settings");
                  settings.forEach(offer::put);
                });
      }
    }
    return Answer.json(body.put("buses", setup.buses().isPresent()));
  }

  private Form form(Map<String, String> parts) throws Refusal {
    String pid = parts.getOrDefault("pid", "");
    return setup().forms().stream()
        .filter(form -> form.pid().equals(pid))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.notFound(
                    "driver.unknown",
                    "there is no driver [" + Json.brief(pid) + "]; /api/drivers lists them"));
  }

  /** A device's configuration is a file, and this is part of its name. */
  private static String name(Map<String, String> parts) throws Refusal {
    String name = parts.getOrDefault("name", "");
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw Refusal.badRequest(
          "name.wrong", "name [" + Json.brief(name) + "] must be 1 to 64 letters, digits, - and _");
    }
    return name;
  }
}
