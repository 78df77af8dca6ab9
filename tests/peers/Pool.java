import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A pool of connections to Redis: PORT, connections, threads that borrow one, ask and give it back. */
public class Pool {
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int size = Integer.parseInt(args[1]);
        BlockingQueue<Socket> idle = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            ask(socket);
            idle.add(socket);
        }
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            new Thread(() -> borrow(idle)).start();
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void borrow(BlockingQueue<Socket> idle) {
        try {
            while (true) {
                Socket socket = idle.take();
                ask(socket);
                idle.put(socket);
            }
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        InputStream answer = socket.getInputStream();
        int last;
        do {
            last = answer.read();
        } while (last != '\n' && last != -1);
        if (last == -1) {
            throw new IOException("the server hung up");
        }
    }
}
