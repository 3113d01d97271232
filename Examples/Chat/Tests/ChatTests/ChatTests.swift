import Testing

@Suite(.timeLimit(.minutes(2)))
struct ChatTests {
  @Test("two people talk, and each line carries the name of who wrote it")
  func talk() async throws {
    try await Stage.open { stage in
      try await stage.enter("bob", "builder") { bob in
        try await stage.enter("ann", "archer") { ann in
          bob.write("hello ann")
          await ann.sees("[lobby] bob: hello ann")
          ann.write("hello bob")
          await bob.sees("[lobby] ann: hello bob")
          bob.write("/who")
          await bob.sees("here: ann, bob")
        }
      }
    }
  }

  @Test("each gets into their own rooms and into no other, and stays where they were")
  func rooms() async throws {
    try await Stage.open { stage in
      try await stage.enter("ann", "archer") { ann in
        ann.write("/join builders")
        await ann.sees("you may not enter builders (40160)")
        ann.write("still here")
        await ann.sees("[lobby] ann: still here")
      }
      try await stage.enter("bob", "builder") { bob in
        bob.write("/join builders")
        await bob.sees("you are in builders")
        try await stage.enter("mo", "moderator") { moderator in
          moderator.write("/join builders")
          await moderator.sees("you are in builders")
          bob.write("at work")
          await moderator.sees("[builders] bob: at work")
        }
      }
    }
  }

  @Test("a moderator removes somebody, who is out at once and does not get in again")
  func removal() async throws {
    try await Stage.open { stage in
      try await stage.enter("bob", "builder") { bob in
        try await stage.enter("mo", "moderator") { moderator in
          let ann = stage.begin("ann", "archer")
          await ann.sees("you are in lobby")
          ann.write("/remove bob")
          await ann.sees("only moderators remove people")
          moderator.write("/remove ann")
          await moderator.sees("ann was removed")
          await ann.sees("you are out: a moderator removed you")
          try await ann.end()
          let again = stage.begin("ann", "archer")
          await again.sees("you are out: a moderator removed you")
          try await again.end()
          bob.write("quiet now")
          await moderator.sees("[lobby] bob: quiet now")
        }
      }
    }
  }

  @Test("a wrong password opens nothing")
  func wrongPassword() async throws {
    try await Stage.open { stage in
      let eve = stage.begin("bob", "guess")
      await eve.sees("you cannot sign in (401)")
      try await eve.end()
    }
  }
}
