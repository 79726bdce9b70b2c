package org.asyncore.compat.play;

import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import org.asyncore.FileWrapper;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Bytes;
import org.asyncore.compat.scenario.ScenarioException;

/** Calls on file_wrapper objects. */
final class FileOperations {
  private final World world;
  private final Map<String, FileWrapper> files = new HashMap<>();

  FileOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("wrap", this::wrap);
    all.put("recv", action -> Bytes.show(file(action).recv(action.integer("n"))));
    all.put("read", action -> Bytes.show(file(action).read(action.integer("n"))));
    all.put("send", this::send);
    all.put("write", action -> file(action).write(action.bytes("data")));
    all.put("getsockopt", this::getsockopt);
    all.put("close", this::close);
    all.put("see", this::see);
    return all;
  }

  private FileWrapper file(Action action) {
    FileWrapper file = files.get(action.text("file"));
    if (file == null) throw new ScenarioException("no file " + action);
    return file;
  }

  private Object wrap(Action action) {
    String descriptor = action.text("fd");
    FileWrapper file = new FileWrapper(world.descriptor(descriptor).fileno());
    files.put(action.text("file"), file);
    world.keep(file);
    if (action.flag("close_fd", false)) world.closeDescriptor(descriptor);
    return null;
  }

  private Object send(Action action) {
    byte[] data = action.bytes("data");
    return file(action).send(data, 0, data.length);
  }

  private Object getsockopt(Action action) {
    String option = action.text("option", "SO_ERROR");
    boolean isError = option.equals("SO_ERROR") && action.value("buflen") == null;
    if (isError) return file(action).takeError().number();
    return file(action).getsockopt(StandardSocketOptions.SO_KEEPALIVE); // Any other one.
  }

  private Object close(Action action) {
    file(action).close();
    return null;
  }

  private Object see(Action action) {
    int number = file(action).fileno();
    Map<String, Object> seen = Lines.of("open", number >= 0);
    if (action.has("fd")) {
      seen.put("same_fd", number == world.descriptor(action.text("fd")).fileno());
    }
    return seen;
  }
}
