/* Every process and thread that a program starts is granted by its supervisor, and the family it may have is counted.
 *
 * A seccomp filter stops clone, clone3, fork and vfork of the program and of all that descends from it until the supervisor says go on. So nothing
 * can outgrow a count, whatever group or session it fled to, and whoever is root; and once nothing is granted any more, killing what is there ends.
 * Where the kernel has no such filter (before Linux 5.5, some emulators) there is RLIMIT_NPROC alone, and time.
 * Called by: program_supervisor.c, on both sides of its fork. */
#define _GNU_SOURCE /* syscall */

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/posix/program_process.h"

#if defined __x86_64__
#define NATIVE AUDIT_ARCH_X86_64
#define LAST_CALL 0x3fffffffu /* above: the calls of x32, which forks too */
#elif defined __aarch64__
#define NATIVE AUDIT_ARCH_AARCH64
#define LAST_CALL 0xffffffffu
#endif

/* Installs the filter on this process. A descriptor to grant by, closed on exec; -1: there is no filter. */
int program_forks_stop(void) {
#if defined NATIVE && defined SECCOMP_USER_NOTIF_FLAG_CONTINUE
#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define SAY(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ASK_AT(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1), SAY(SECCOMP_RET_USER_NOTIF)
  struct sock_filter steps[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 10, 0),
      /* the 32-bit calls of x86 and Arm: fork, clone, vfork, clone3 */
      LOAD(nr),
      ASK_AT(2),
      ASK_AT(120),
      ASK_AT(190),
      ASK_AT(435),
      SAY(SECCOMP_RET_ALLOW),
      LOAD(nr),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_CALL, 0, 1),
      SAY(SECCOMP_RET_ERRNO | ENOSYS),
      ASK_AT(SYS_clone),
      ASK_AT(435), /* clone3, which older headers do not name */
#ifdef SYS_fork
      ASK_AT(SYS_fork),
      ASK_AT(SYS_vfork),
#endif
      SAY(SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog filter = {.len = (unsigned short)COUNT_OF(steps), .filter = steps};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
#else
  return -1;
#endif
}

/* One that waits. False: the family is too large, and it goes on waiting. */
bool program_forks_grant(struct program_forks *forks) {
#ifdef SECCOMP_USER_NOTIF_FLAG_CONTINUE
  struct seccomp_notif asked;
  memset(&asked, 0, sizeof asked);
  if (ioctl(forks->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) return true; /* it has been killed meanwhile */
  if (forks->free == 0) {
    const u32 tasks = program_family(false);
    forks->free = tasks < PROGRAM_PROCESSES_MAX ? PROGRAM_PROCESSES_MAX - tasks : 0;
  }
  if (forks->free == 0) return false;
  forks->free--;
  struct seccomp_notif_resp answer = {.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  const int ignored = ioctl(forks->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  (void)ignored;
#else
  (void)forks;
#endif
  return true;
}

/* ---- the descriptor's way from the program's process to the supervisor's: over a socket, with a byte ---- */

union descriptor_room {
  char bytes[CMSG_SPACE(sizeof(int))];
  struct cmsghdr aligned;
};

bool program_forks_hand_over(int socket, int listener) {
  char byte = 0;
  union descriptor_room room;
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  memset(&room, 0, sizeof room);
  if (listener >= 0) {
    message.msg_control = room.bytes;
    message.msg_controllen = sizeof room.bytes;
    struct cmsghdr *const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof listener);
    memcpy(CMSG_DATA(header), &listener, sizeof listener);
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

void program_forks_take_over(struct program_forks *forks, int socket) {
  char byte;
  union descriptor_room room;
  struct iovec part = {&byte, 1};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
  *forks = (struct program_forks){.listener = -1, .free = PROGRAM_PROCESSES_MAX};
  ssize_t got;
  do got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  struct cmsghdr *const header = got == 1 ? CMSG_FIRSTHDR(&message) : NULL;
  if (header == NULL || header->cmsg_type != SCM_RIGHTS) return;
  memcpy(&forks->listener, CMSG_DATA(header), sizeof forks->listener);
}
