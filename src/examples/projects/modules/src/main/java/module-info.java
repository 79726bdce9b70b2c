/**
 * An echo server as a module. Nothing requires the native library, so java is told to take it:
 *
 * <pre>
 * mvn -q package
 * java -p target/modules --add-modules io.netty.transport.epoll.linux.x86_64 \
 *     -m echo/example.EchoServer 8007
 * </pre>
 */
module echo {
  requires org.asyncore;
}
