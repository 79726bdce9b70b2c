package example

import java.net.SocketAddress
import org.asyncore.Asyncore
import org.asyncore.Dispatcher
import org.asyncore.DispatcherWithSend
import org.asyncore.transport.AsyncSocket

/** Sends back what it gets. */
class EchoServer(host: String, port: Int) : Dispatcher() {
    class EchoHandler(socket: AsyncSocket) : DispatcherWithSend(socket) {
        override fun handleRead() {
            val data = recv(8192)
            if (data.isNotEmpty()) send(data)
        }
    }

    init {
        createSocket()
        setReuseAddr()
        bind(host, port)
        listen(5)
    }

    override fun handleAccepted(socket: AsyncSocket, address: SocketAddress) {
        println("connection from $address")
        EchoHandler(socket)
    }
}

fun main(args: Array<String>) {
    val server = EchoServer("127.0.0.1", args[0].toInt())
    // Null before there is a socket: without the question mark it does not compile.
    println("listening on ${server.socket()?.getsockname()}")
    Asyncore.loop()
}
