rootProject.name = "echo"
