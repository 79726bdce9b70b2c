plugins {
    application
}

repositories {
    mavenLocal() // Where mvn install has put the library.
    mavenCentral()
}

dependencies {
    implementation(platform("io.netty:netty-bom:4.2.18.Final")) // All of Netty in one release.
    implementation("org.asyncore:netty-asyncore:0.1.0")
    // For Linux. The machine's own is found among those that are there.
    runtimeOnly("io.netty:netty-transport-native-epoll::linux-x86_64")
    runtimeOnly("io.netty:netty-transport-native-epoll::linux-aarch_64")
}

tasks.withType<JavaCompile> {
    options.release.set(17)
}

application {
    mainClass.set("example.EchoServer") // gradle run --args=8007
}
